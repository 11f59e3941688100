using System.Collections.Concurrent;

namespace Headgate.Functions.Tasks.Desk;

/// <summary>
/// When this process last heard of each agent. Any authenticated call counts. What was heard here is kept as time that has passed: a clock on
/// the wall that is set neither ends leases nor prolongs them.
/// </summary>
public sealed class AgentPresence(TimeProvider clock)
{
    /// <summary>How far the clock of another process may be ahead. What is stored from later than that was stored before the clock was set back.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, (long At, string? Session)> _seen = new(StringComparer.Ordinal);
    private readonly long _started = clock.GetTimestamp();

    /// <summary>A call that was taken.</summary>
    /// <param name="agentId">The agent.</param>
    /// <param name="session">Of the process that has the agent; null where it does not name itself.</param>
    public void Seen(string agentId, string? session = null) => _seen[agentId] = (clock.GetTimestamp(), session);

    /// <summary>A call that is taken from any process of the agent, and a sign of life of the one that has it alone.</summary>
    /// <param name="agentId">The agent.</param>
    /// <param name="session">Whose it is; null where the process does not name itself.</param>
    public void Heard(string agentId, string? session)
    {
        if (session is null)
            _seen.AddOrUpdate(agentId, static (_, now) => (now, null), static (_, seen, now) => (now, seen.Session), clock.GetTimestamp());
        else if (_seen.TryGetValue(agentId, out var seen) && seen.Session == session)
            _seen.TryUpdate(agentId, (clock.GetTimestamp(), session), seen);
    }

    public void Forget(string agentId) => _seen.TryRemove(agentId, out _);

    /// <summary>The newest sign of life known here; null where there has been none.</summary>
    public DateTimeOffset? LastSeen(string agentId, DateTimeOffset? stored)
    {
        if (stored - clock.GetUtcNow() > Ahead)
            stored = null;
        return _seen.TryGetValue(agentId, out var last) && At(last.At) is var seen && (stored is null || seen > stored) ? seen : stored;
    }

    /// <param name="agentId">The agent.</param>
    /// <param name="timestamp">Of the clock that this was made with.</param>
    public bool IsHeardOfSince(string agentId, long timestamp) => _seen.TryGetValue(agentId, out var seen) && seen.At >= timestamp;

    /// <summary>From when the lease of the agent's tasks counts.</summary>
    /// <param name="agentId">The agent.</param>
    /// <param name="stored">When others last heard of it.</param>
    /// <param name="upSince">From when it has had a service to report to.</param>
    public DateTimeOffset LeaseFrom(string agentId, DateTimeOffset? stored, DateTimeOffset upSince) =>
        LastSeen(agentId, stored) is { } seen && seen > upSince ? seen : upSince;

    /// <summary>Whether the agent's lease has ended, as far as this process can know: one that has just started waits for a whole lease.</summary>
    public bool IsSilent(string agentId, DateTimeOffset? stored, TimeSpan lease) =>
        clock.GetUtcNow() - LeaseFrom(agentId, stored, At(_started)) > lease;

    private DateTimeOffset At(long timestamp) => clock.GetUtcNow() - clock.GetElapsedTime(timestamp);
}
