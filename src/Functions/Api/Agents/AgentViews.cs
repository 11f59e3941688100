using Headgate.Contracts.Agents;
using Headgate.Core.Agents;
using Headgate.Functions.Options;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Tasks;
using Headgate.Functions.Tasks.Desk;

namespace Headgate.Functions.Api.Agents;

/// <summary>Agents as callers see them.</summary>
public sealed class AgentViews(AgentDesk desk, HeadgateOptions options, TimeProvider clock)
{
    public static AgentSettings Settings(AgentRecord agent) => new(
        agent.Limits.MaxConcurrentTasks,
        agent.Limits.TypeLimits,
        agent.Limits.CpuQuotaPercent,
        agent.Limits.IoPriority,
        agent.Limits.BandwidthLimitMbps,
        agent.SettingsVersion);

    public AgentView View(AgentSnapshot snapshot)
    {
        var agent = snapshot.Agent;
        var (status, lastSeen) = Health(snapshot);
        return new AgentView(
            agent.AgentId,
            agent.TenantId,
            agent.Name,
            agent.Os,
            agent.Arch,
            agent.Version,
            status.WireName(),
            agent.Labels,
            agent.Capabilities,
            Settings(agent),
            agent.RegisteredAt,
            lastSeen,
            snapshot.Load?.Hold?.RivalAt,
            agent.Standing.WireName,
            agent.Standing.DrainedAt,
            agent.Standing.Quarantine is { } quarantine ? new QuarantineView(quarantine.Reason, quarantine.By, quarantine.At) : null);
    }

    public AgentLoadView Load(AgentSnapshot snapshot)
    {
        var load = snapshot.CountLoad();
        var (status, lastSeen) = Health(snapshot);
        var limits = snapshot.Agent.Limits;
        return new AgentLoadView(
            snapshot.Agent.AgentId,
            status.WireName(),
            load.Held,
            limits.MaxConcurrentTasks,
            load.AvailableSlots,
            [.. limits.TypeLimits.OrderBy(limit => limit.Key, StringComparer.Ordinal).Select(limit => new TypeSlots(limit.Key, load.RoomFor(limit.Key), limit.Value))],
            [.. load.HeldByType.OrderBy(held => held.Key, StringComparer.Ordinal).Select(held => new TypeCount(held.Key, held.Value))],
            load.IsSaturated,
            lastSeen,
            snapshot.Agent.Standing.WireName,
            Forecast(snapshot, load),
            Rounded(snapshot.Load?.CpuPercent),
            Rounded(snapshot.Load?.MemoryPercent),
            snapshot.Load?.FreeSlots);
    }

    public BackoffStatusView Backoff(AgentSnapshot snapshot)
    {
        var now = clock.GetUtcNow();
        var tasks = InBackoff(snapshot.Holdings, now);
        return new BackoffStatusView(snapshot.Agent.AgentId, tasks.Count, tasks.FirstOrDefault()?.NextRetryAt, [.. tasks.Take(MaxListed)], now);
    }

    /// <summary>Those of a tenant's tasks that are in backoff, whichever agent ran them last.</summary>
    public TenantBackoffView Backoff(string tenantId, FleetSnapshot fleet)
    {
        var tasks = InBackoff(fleet.Census.Backoff.GetValueOrDefault(tenantId) ?? [], clock.GetUtcNow());
        return new(tenantId, tasks.Count, tasks.FirstOrDefault()?.NextRetryAt, [.. tasks.Take(MaxListed)], fleet.Census.IsComplete, fleet.At);
    }

    private static List<BackoffTask> InBackoff(IEnumerable<Holding> holdings, DateTimeOffset now) =>
    [
        .. holdings
            .Where(holding => holding.NextRetryAt > now)
            .OrderBy(holding => holding.NextRetryAt)
            .Select(holding => new BackoffTask(
                holding.TaskId,
                holding.Type,
                holding.RetriesGranted,
                holding.MaxRetries,
                holding.NextRetryAt!.Value,
                holding.ErrorCategory)),
    ];

    private double? Forecast(AgentSnapshot snapshot, AgentLoad load)
    {
        var now = clock.GetUtcNow();
        var held = snapshot.Held.Select(holding => new HeldTask(holding.Type, (now - holding.Since)?.TotalSeconds)).ToList();
        var usual = snapshot.Records.Where(record => record.Value.UsualSeconds is not null).ToDictionary(record => record.Key, record => record.Value.UsualSeconds!.Value, StringComparer.Ordinal);
        return Rounded(SlotForecast.SecondsToSlot(load, null, held, usual));
    }

    private static double? Rounded(double? value) => value is { } number ? Math.Round(number, 1) : null;

    /// <summary>The count is exact; the list stops here.</summary>
    private const int MaxListed = 100;

    private (AgentStatus Status, DateTimeOffset? LastSeen) Health(AgentSnapshot snapshot)
    {
        var lastSeen = desk.LastSeen(snapshot.Agent.AgentId, snapshot.Load?.LastSeenAt);
        return (AgentHealth.Of(lastSeen, options.Heartbeat.Interval, options.Leases.Duration, clock.GetUtcNow()), lastSeen);
    }
}
