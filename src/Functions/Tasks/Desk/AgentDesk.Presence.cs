namespace Headgate.Functions.Tasks.Desk;

/// <summary>
/// When this process last heard of each agent. Any authenticated call counts. What was heard here is kept as time that has passed: a clock on
/// the wall that is set neither ends leases nor prolongs them.
/// </summary>
public sealed partial class AgentDesk
{
    /// <summary>How far the clock of another process may be ahead. What is stored from later than that was stored before the clock was set back.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(1);

    private readonly long _started = clock.GetTimestamp();

    /// <summary>A call that was taken.</summary>
    /// <param name="agentId">The agent.</param>
    /// <param name="session">Of the process that has the agent; null where it does not name itself.</param>
    public void Seen(string agentId, string? session = null) => Update(agentId, (Now: clock.GetTimestamp(), session), static (entry, seen) =>
    {
        entry.IsSeen = true;
        entry.At = seen.Now;
        entry.Session = seen.session;
    });

    /// <summary>A call that is taken from any process of the agent, and a sign of life of the one that has it alone.</summary>
    /// <param name="agentId">The agent.</param>
    /// <param name="session">Whose it is; null where the process does not name itself.</param>
    public void Heard(string agentId, string? session)
    {
        if (session is null)
        {
            Update(agentId, clock.GetTimestamp(), static (entry, now) =>
            {
                entry.IsSeen = true;
                entry.At = now;
            });
        }
        else if (_entries.TryGetValue(agentId, out var entry))
        {
            lock (entry.Lock)
            {
                if (entry.IsSeen && entry.Session == session)
                    entry.At = clock.GetTimestamp();
            }
        }
    }

    /// <summary>The newest sign of life known here; null where there has been none.</summary>
    public DateTimeOffset? LastSeen(string agentId, DateTimeOffset? stored)
    {
        if (stored - clock.GetUtcNow() > Ahead)
            stored = null;
        return SeenAt(agentId) is { } last && At(last) is var seen && (stored is null || seen > stored) ? seen : stored;
    }

    /// <summary>From when the lease of the agent's tasks counts.</summary>
    /// <param name="agentId">The agent.</param>
    /// <param name="stored">When others last heard of it.</param>
    /// <param name="upSince">From when it has had a service to report to.</param>
    public DateTimeOffset LeaseFrom(string agentId, DateTimeOffset? stored, DateTimeOffset upSince) =>
        LastSeen(agentId, stored) is { } seen && seen > upSince ? seen : upSince;

    /// <summary>Whether the agent's lease has ended, as far as this process can know: one that has just started waits for a whole lease.</summary>
    public bool IsSilent(string agentId, DateTimeOffset? stored, TimeSpan lease) =>
        clock.GetUtcNow() - LeaseFrom(agentId, stored, At(_started)) > lease;

    private long? SeenAt(string agentId)
    {
        if (!_entries.TryGetValue(agentId, out var entry))
            return null;
        lock (entry.Lock)
            return entry.IsSeen ? entry.At : null;
    }

    private DateTimeOffset At(long timestamp) => clock.GetUtcNow() - clock.GetElapsedTime(timestamp);
}
