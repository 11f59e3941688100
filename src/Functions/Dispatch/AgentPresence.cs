using System.Collections.Concurrent;

namespace Headgate.Functions.Dispatch;

/// <summary>
/// When this process last heard of each agent. Any authenticated call counts. What was heard here is kept as time that has passed: a clock on
/// the wall that is set neither ends leases nor prolongs them.
/// </summary>
public sealed class AgentPresence(TimeProvider clock)
{
    /// <summary>How far the clock of another process may be ahead. What is stored from later than that was stored before the clock was set back.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, long> _seen = new(StringComparer.Ordinal);

    public void Seen(string agentId) => _seen[agentId] = clock.GetTimestamp();

    public void Forget(string agentId) => _seen.TryRemove(agentId, out _);

    /// <summary>The newest sign of life known here; null where there has been none.</summary>
    public DateTimeOffset? LastSeen(string agentId, DateTimeOffset? stored)
    {
        if (stored - clock.GetUtcNow() > Ahead)
            stored = null;
        return _seen.TryGetValue(agentId, out var timestamp) && At(timestamp) is var seen && (stored is null || seen > stored) ? seen : stored;
    }

    /// <param name="agentId">The agent.</param>
    /// <param name="timestamp">Of the clock that this was made with.</param>
    public bool IsHeardOfSince(string agentId, long timestamp) => _seen.TryGetValue(agentId, out var seen) && seen >= timestamp;

    /// <summary>From when the lease of the agent's tasks counts.</summary>
    /// <param name="agentId">The agent.</param>
    /// <param name="stored">When others last heard of it.</param>
    /// <param name="upSince">From when it has had a service to report to: <see cref="ServiceUptime"/>.</param>
    public DateTimeOffset LeaseFrom(string agentId, DateTimeOffset? stored, DateTimeOffset upSince) =>
        LastSeen(agentId, stored) is { } seen && seen > upSince ? seen : upSince;

    private DateTimeOffset At(long timestamp) => clock.GetUtcNow() - clock.GetElapsedTime(timestamp);
}
