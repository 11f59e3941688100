using System.Text.Json;
using Headgate.Core.Agents;
using Headgate.Core.Dispatch;
using Headgate.Functions.Stores.Runs;
using Headgate.Ports;

namespace Headgate.Functions.Stores.Agents;

/// <summary>An agent as registered, with its settings.</summary>
/// <param name="TenantId">Its owner, or null: a shared agent serves every tenant.</param>
/// <param name="SettingsVersion">Counts the changes of <paramref name="Limits"/>; 1 at registration.</param>
public sealed record AgentRecord(
    string AgentId,
    string? TenantId,
    string Name,
    string Os,
    string Arch,
    string Version,
    IReadOnlyDictionary<string, string> Labels,
    IReadOnlyList<string> Capabilities,
    AgentLimits Limits,
    int SettingsVersion,
    string KeyId,
    DateTimeOffset RegisteredAt,
    string? ETag)
{
    /// <summary>Whether it may be given work; settings and heartbeats leave it as it is.</summary>
    public AgentStanding Standing { get; init; } = AgentStanding.Active;

    /// <summary>The partition of the owner's list it stands in.</summary>
    public string Owner => TenantId ?? RowKeys.SharedOwner;

    public AgentOffer ToOffer() => new(AgentId, TenantId, Capabilities.ToHashSet(StringComparer.Ordinal), Labels);
}

public static class AgentRow
{
    internal const string DrainedColumn = "drainedAt";
    internal const string QuarantinedColumn = "quarantinedAt";

    public static TableRow Write(AgentRecord agent) => new(
        agent.AgentId,
        RowKeys.Agent,
        new Columns(22)
        {
            { "tenantId", agent.TenantId },
            { "name", agent.Name },
            { "os", agent.Os },
            { "arch", agent.Arch },
            { "version", agent.Version },
            { "labels", JsonSerializer.Serialize(new Dictionary<string, string>(agent.Labels), StoredJson.Default.DictionaryStringString) },
            { "capabilities", string.Join(',', agent.Capabilities) },
            { "maxConcurrentTasks", agent.Limits.MaxConcurrentTasks },
            { "typeLimits", JsonSerializer.Serialize(new Dictionary<string, int>(agent.Limits.TypeLimits), StoredJson.Default.DictionaryStringInt32) },
            { "cpuQuotaPercent", agent.Limits.CpuQuotaPercent },
            { "ioPriority", agent.Limits.IoPriority },
            { "bandwidthLimitMbps", agent.Limits.BandwidthLimitMbps },
            { "settingsVersion", agent.SettingsVersion },
            { "keyId", agent.KeyId },
            { "registeredAt", agent.RegisteredAt },
            { DrainedColumn, agent.Standing.DrainedAt },
            { QuarantinedColumn, agent.Standing.Quarantine?.At },
            { "quarantineReason", agent.Standing.Quarantine?.Reason },
            { "quarantinedBy", agent.Standing.Quarantine?.By },
        },
        agent.ETag);

    public static AgentRecord Read(TableRow row)
    {
        var columns = row.Columns;
        return new AgentRecord(
            row.PartitionKey,
            columns.String("tenantId"),
            columns.Required("name"),
            columns.Required("os"),
            columns.Required("arch"),
            columns.Required("version"),
            JsonSerializer.Deserialize(columns.Required("labels"), StoredJson.Default.DictionaryStringString)!,
            columns.Required("capabilities").Split(',', StringSplitOptions.RemoveEmptyEntries),
            new AgentLimits(
                columns.Int("maxConcurrentTasks") ?? AgentLimits.Default.MaxConcurrentTasks,
                JsonSerializer.Deserialize(columns.Required("typeLimits"), StoredJson.Default.DictionaryStringInt32)!,
                columns.Int("cpuQuotaPercent") ?? AgentLimits.Default.CpuQuotaPercent,
                columns.String("ioPriority") ?? AgentLimits.Default.IoPriority,
                columns.Int("bandwidthLimitMbps")),
            columns.Int("settingsVersion") ?? 1,
            columns.Required("keyId"),
            columns.Time("registeredAt") ?? default,
            row.ETag)
        {
            Standing = Standing(row),
        };
    }

    /// <summary>Of a row that may be any of the agent's, of which only some columns may have been read.</summary>
    internal static AgentStanding Standing(TableRow row)
    {
        var columns = row.Columns;
        if (row.RowKey != RowKeys.Agent)
            return AgentStanding.Active;
        var (drainedAt, quarantinedAt) = (columns.Time(DrainedColumn), columns.Time(QuarantinedColumn));
        return drainedAt is null && quarantinedAt is null
            ? AgentStanding.Active
            : new(drainedAt, quarantinedAt is { } at ? new(at, columns.String("quarantineReason") ?? "", columns.String("quarantinedBy") ?? "") : null);
    }
}
