using Headgate.Functions.Ports;

namespace Headgate.Functions.Stores.Agents;

/// <summary>
/// The agent's last sign of life and what it said of itself. Every reservation rewrites the row, so its ETag keeps two claims of
/// one agent from counting the same free slot.
/// </summary>
/// <param name="Session">New at every start of the agent.</param>
/// <param name="FreeSlots">As reported; null where it said nothing.</param>
public sealed record AgentLoadRecord(
    DateTimeOffset LastSeenAt,
    string? Session = null,
    double? CpuPercent = null,
    double? MemoryPercent = null,
    int? FreeSlots = null,
    double? UptimeSeconds = null,
    string? ETag = null);

public static class AgentLoadRow
{
    internal const string LastSeenColumn = "lastSeenAt";

    public static TableRow Write(string agentId, AgentLoadRecord load) => new(
        agentId,
        RowKeys.AgentLoad,
        new Columns(6)
        {
            { LastSeenColumn, load.LastSeenAt },
            { "session", load.Session },
            { "cpuPercent", load.CpuPercent },
            { "memoryPercent", load.MemoryPercent },
            { "freeSlots", load.FreeSlots },
            { "uptimeSeconds", load.UptimeSeconds },
        },
        load.ETag);

    /// <summary>Of a row that may be any of the agent's.</summary>
    public static DateTimeOffset? LastSeenAt(TableRow row) => row.RowKey == RowKeys.AgentLoad ? row.Columns.Time(LastSeenColumn) : null;

    public static AgentLoadRecord Read(TableRow row) => new(
        LastSeenAt(row) ?? DateTimeOffset.MinValue,
        row.Columns.String("session"),
        row.Columns.Double("cpuPercent"),
        row.Columns.Double("memoryPercent"),
        row.Columns.Int("freeSlots"),
        row.Columns.Double("uptimeSeconds"),
        row.ETag);
}
