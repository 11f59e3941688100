using Headgate.Functions.Options;
using Headgate.Functions.Stores.Runs;

namespace Headgate.Functions.Tasks.Desk;

/// <summary>
/// All that this process knows of agents, an entry for each it has to do with: whose turn it is, when it was heard of, who waits for its slots, when
/// its attempts come to their deadlines, how fast it claims. An entry leaves when the agent is removed (<see cref="Forget"/>), when the lease sweep
/// finds the agent silent and empty-handed (<see cref="Rounds"/>), and when there are many and the agent is silent. What is lost with it only saves
/// work. What is heard here is kept as elapsed time: a wall clock that is set neither ends leases nor prolongs them. Safe for concurrent use.
/// </summary>
public sealed class AgentDesk
{
    private const int LongestPaceSeconds = 30;

    /// <summary>How far the clock of another process may be ahead. What is stored from later than that was stored before the clock was set back.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(1);

    private readonly HeadgateOptions _options;
    private readonly TimeProvider _clock;
    private readonly AgentEntries _entries;
    private readonly long _started;

    public AgentDesk(HeadgateOptions options, TimeProvider clock)
    {
        (_options, _clock, _started) = (options, clock, clock.GetTimestamp());
        _entries = new(options.Leases.Duration, clock);
        Rounds = new(_entries, clock);
    }

    /// <summary>How many agents have an entry.</summary>
    public int Count => _entries.Count;

    public SweepRounds Rounds { get; }

    /// <summary>
    /// Waits for the agent's turn; dispose to end it. One operation at a time looks at an agent and writes what rests on that look. Between
    /// processes the ETag of the agent's load row does the same.
    /// </summary>
    public async ValueTask<Turn> TakeTurnAsync(string agentId, CancellationToken cancellationToken)
    {
        var entry = _entries.Enter(agentId);
        try
        {
            await entry.Turn.WaitAsync(cancellationToken);
        }
        catch
        {
            _entries.Exit(entry);
            throw;
        }

        return new Turn(_entries, entry);
    }

    /// <summary>How often a slot of the agent came free. To be asked before its load is looked at.</summary>
    public long FreedSlots(string agentId) => _entries.Find(agentId)?.Slots.Count ?? 0;

    /// <summary>
    /// So many more of the agent's slots are free. The claims that this wakes look on the caller's thread, before anything the caller
    /// does next: what they take shares the flush of what freed the slots. They may wait for the disk there: not to be called inside a lock.
    /// </summary>
    // A claim that comes later looks at what is free by then.
    public void Free(string agentId, int count = 1) => _entries.Find(agentId)?.Slots.Free(count);

    /// <summary>Waits until a slot is free that was not when <see cref="FreedSlots"/> was asked and said <paramref name="freed"/>.</summary>
    /// <returns>False when the time is over, or the caller leaves.</returns>
    public async ValueTask<bool> WaitForSlotAsync(string agentId, long freed, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var entry = _entries.Enter(agentId);
        try
        {
            return await entry.Slots.WaitAsync(freed, atMost, _clock, cancellationToken);
        }
        finally
        {
            _entries.Exit(entry);
        }
    }

    /// <summary>How many seconds the agent is asked to wait before it claims again if claims are not held: 1 after work, doubling to 30 while there is none.</summary>
    public int NextPace(string agentId, bool gotWork)
    {
        if (_entries.Find(agentId) is not { } entry)
            return 1;
        lock (entry.Lock)
            return entry.PaceSeconds = gotWork ? 1 : Math.Clamp(entry.PaceSeconds * 2, 1, LongestPaceSeconds);
    }

    /// <summary>The agent is gone. Its waiting claims look again, and find that out.</summary>
    public void Forget(string agentId)
    {
        // In this order: a claim that is woken is a sign of life.
        _entries.Find(agentId)?.Slots.WakeAll();
        if (_entries.Find(agentId) is not { } entry)
            return;
        lock (entry.Lock)
            _entries.Drop(entry);
        entry.Slots.WakeAll();
    }

    /// <summary>A call that was taken. Any authenticated call counts.</summary>
    /// <param name="agentId">The agent.</param>
    /// <param name="session">Of the process that has the agent; null if it does not name itself.</param>
    public void Seen(string agentId, string? session = null) => _entries.Update(agentId, (Now: _clock.GetTimestamp(), session), static (entry, seen) =>
    {
        entry.IsSeen = true;
        entry.At = seen.Now;
        entry.Session = seen.session;
    });

    /// <summary>A call that is taken from any process of the agent, and a sign of life of the one that has it alone.</summary>
    /// <param name="agentId">The agent.</param>
    /// <param name="session">Whose it is; null if the process does not name itself.</param>
    public void Heard(string agentId, string? session)
    {
        if (session is null)
        {
            _entries.Update(agentId, _clock.GetTimestamp(), static (entry, now) =>
            {
                entry.IsSeen = true;
                entry.At = now;
            });
        }
        else if (_entries.Find(agentId) is { } entry)
        {
            lock (entry.Lock)
            {
                if (entry.IsSeen && entry.Session == session)
                    entry.At = _clock.GetTimestamp();
            }
        }
    }

    /// <summary>The newest sign of life, of those heard here and the stored one; null if there has been none.</summary>
    public DateTimeOffset? LastSeen(string agentId, DateTimeOffset? stored)
    {
        if (stored - _clock.GetUtcNow() > Ahead)
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
        _clock.GetUtcNow() - LeaseFrom(agentId, stored, At(_started)) > lease;

    /// <summary>
    /// Tasks have become the agent's. Nobody tells an orchestration of a hand-out, so the sweep checks their timeouts. An attempt
    /// that ends takes nothing back, which costs one look in vain.
    /// </summary>
    public void Assigned(string agentId, IReadOnlyList<TaskRecord> tasks)
    {
        if (tasks.Count > 0)
            LookAfter(agentId, TimeSpan.FromSeconds(tasks.Min(task => task.State.TimeoutSeconds)) + _options.Leases.Duration);
    }

    /// <summary>The agent's tasks are to be looked at then, if not before.</summary>
    public void LookAfter(string agentId, TimeSpan wait) => _entries.Update(
        agentId,
        _clock.GetTimestamp() + (long)(wait.TotalSeconds * _clock.TimestampFrequency),
        static (entry, at) => entry.Deadline = entry.Deadline < at ? entry.Deadline : at);

    /// <summary>The agents whose tasks are to be looked at now, longest overdue first, each told once: whoever looks says when to look again.</summary>
    public List<string> TakeDue()
    {
        var now = _clock.GetTimestamp();
        var due = new List<(long At, string AgentId)>();
        foreach (var (_, entry) in _entries.All)
        {
            lock (entry.Lock)
            {
                if (entry.Deadline is not { } at || at > now)
                    continue;
                due.Add((at, entry.AgentId));
                entry.Deadline = null;
                if (entry.IsBare)
                    _entries.Drop(entry);
            }
        }

        due.Sort();
        return due.ConvertAll(agent => agent.AgentId);
    }

    private long? SeenAt(string agentId)
    {
        if (_entries.Find(agentId) is not { } entry)
            return null;
        lock (entry.Lock)
            return entry.IsSeen ? entry.At : null;
    }

    private DateTimeOffset At(long timestamp) => _clock.GetUtcNow() - _clock.GetElapsedTime(timestamp);

    /// <summary>An agent's turn.</summary>
    public readonly struct Turn : IDisposable
    {
        private readonly AgentEntries _entries;
        private readonly AgentEntry _entry;

        internal Turn(AgentEntries entries, AgentEntry entry) => (_entries, _entry) = (entries, entry);

        public void Dispose()
        {
            _entry.Turn.Release();
            _entries.Exit(_entry);
        }
    }
}
