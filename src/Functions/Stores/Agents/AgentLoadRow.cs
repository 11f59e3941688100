using Headgate.Core.Agents;
using Headgate.Ports;

namespace Headgate.Functions.Stores.Agents;

/// <summary>
/// The agent's last sign of life and what it said of itself. Every reservation rewrites the row, so its ETag keeps two claims of
/// one agent from counting the same free slot.
/// </summary>
/// <param name="Hold">Which of its processes has the agent; null before the first heartbeat.</param>
/// <param name="CpuPercent">Smoothed.</param>
/// <param name="MemoryPercent">Smoothed.</param>
/// <param name="FreeSlots">As reported; null where it said nothing.</param>
public sealed record AgentLoadRecord(
    DateTimeOffset LastSeenAt,
    SessionHold? Hold = null,
    double? CpuPercent = null,
    double? MemoryPercent = null,
    int? FreeSlots = null,
    double? UptimeSeconds = null,
    string? ETag = null)
{
    /// <summary>When its last heartbeat came; null before the first.</summary>
    public DateTimeOffset? ReportedAt { get; init; }

    /// <summary>Whether a claim of the session may have work.</summary>
    public bool AllowsClaimOf(string? session) => Hold?.AllowsClaimOf(session) ?? true;
}

public static class AgentLoadRow
{
    internal const string LastSeenColumn = "lastSeenAt";

    public static TableRow Write(string agentId, AgentLoadRecord load) => new(
        agentId,
        RowKeys.AgentLoad,
        new Columns(11)
        {
            { LastSeenColumn, load.LastSeenAt },
            { "session", load.Hold?.Session },
            { "fenced", load.Hold is { IsFenced: true } ? true : null },
            { "ended", load.Hold is { HasEnded: true } ? true : null },
            { "rivalBeats", load.Hold is { RivalBeats: > 0 } ? load.Hold.RivalBeats : null },
            { "rivalAt", load.Hold?.RivalAt },
            { "cpuPercent", load.CpuPercent },
            { "memoryPercent", load.MemoryPercent },
            { "freeSlots", load.FreeSlots },
            { "uptimeSeconds", load.UptimeSeconds },
            { "reportedAt", load.ReportedAt },
        },
        load.ETag);

    /// <summary>Of a row that may be any of the agent's.</summary>
    public static DateTimeOffset? LastSeenAt(TableRow row) => row.RowKey == RowKeys.AgentLoad ? row.Columns.Time(LastSeenColumn) : null;

    public static AgentLoadRecord Read(TableRow row) => new(
        LastSeenAt(row) ?? DateTimeOffset.MinValue,
        new SessionHold(
            row.Columns.String("session"),
            row.Columns.Flag("fenced"),
            row.Columns.Flag("ended"),
            row.Columns.Int("rivalBeats") ?? 0,
            row.Columns.Time("rivalAt")),
        row.Columns.Double("cpuPercent"),
        row.Columns.Double("memoryPercent"),
        row.Columns.Int("freeSlots"),
        row.Columns.Double("uptimeSeconds"),
        row.ETag)
    {
        ReportedAt = row.Columns.Time("reportedAt"),
    };
}
