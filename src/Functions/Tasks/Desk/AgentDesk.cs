using System.Collections.Concurrent;
using Headgate.Functions.Options;

namespace Headgate.Functions.Tasks.Desk;

/// <summary>
/// All that this process knows of agents, an entry for each it has to do with: whose turn it is, when it was heard of, who waits for its slots, when
/// its attempts come to their deadlines, how fast it claims. An entry leaves when the agent is removed (<see cref="Forget"/>), when the lease sweep
/// finds the agent silent and empty-handed (<see cref="Leave"/>), and, in a process that makes no sweeps, when the desk has doubled and the agent is
/// silent. What is lost with it only saves work. Safe for concurrent use.
/// </summary>
public sealed partial class AgentDesk(HeadgateOptions options, TimeProvider clock)
{
    private const int SmallDesk = 1024;
    private const int LongestPaceSeconds = 30;

    private readonly ConcurrentDictionary<string, AgentEntry> _entries = new(StringComparer.Ordinal);
    private int _count;
    private int _roomFor = SmallDesk;

    /// <summary>How many agents have an entry.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>
    /// Waits for the agent's turn; dispose to end it. One operation at a time looks at an agent and writes what rests on that look. Between
    /// processes the ETag of the agent's load row does the same.
    /// </summary>
    public async ValueTask<Turn> TakeTurnAsync(string agentId, CancellationToken cancellationToken)
    {
        var entry = Enter(agentId);
        try
        {
            await entry.Turn.WaitAsync(cancellationToken);
        }
        catch
        {
            Exit(entry);
            throw;
        }

        return new Turn(this, entry);
    }

    /// <summary>How often a slot of the agent came free. To be asked before its load is looked at.</summary>
    public long FreedSlots(string agentId) => _entries.TryGetValue(agentId, out var entry) ? entry.Slots.Count : 0;

    /// <summary>
    /// So many more of the agent's slots are free. The claims that this wakes look on the caller's thread, before anything the caller
    /// does next: what they take shares the flush of what freed the slots. They may wait for the disk there: not to be called inside a lock.
    /// </summary>
    public void Free(string agentId, int count = 1)
    {
        // A claim that comes later looks at what is free by then.
        if (_entries.TryGetValue(agentId, out var entry))
            entry.Slots.Free(count);
    }

    /// <summary>Waits until a slot is free that was not when <see cref="FreedSlots"/> was asked and said <paramref name="freed"/>.</summary>
    /// <returns>False when the time is over, or the caller leaves.</returns>
    public async ValueTask<bool> WaitForSlotAsync(string agentId, long freed, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var entry = Enter(agentId);
        try
        {
            return await entry.Slots.WaitAsync(freed, atMost, clock, cancellationToken);
        }
        finally
        {
            Exit(entry);
        }
    }

    /// <summary>How many seconds the agent is asked to wait before it claims again where claims are not held: 1 after work, doubling to 30 while there is none.</summary>
    public int NextPace(string agentId, bool gotWork)
    {
        if (!_entries.TryGetValue(agentId, out var entry))
            return 1;
        lock (entry.Lock)
            return entry.PaceSeconds = gotWork ? 1 : Math.Clamp(entry.PaceSeconds * 2, 1, LongestPaceSeconds);
    }

    /// <summary>The agent is gone. Its waiting claims look again, and find that out.</summary>
    public void Forget(string agentId)
    {
        // In this order: the claims that are waken are signs of life.
        if (_entries.TryGetValue(agentId, out var waiting))
            waiting.Slots.WakeAll();
        if (!_entries.TryGetValue(agentId, out var entry))
            return;
        lock (entry.Lock)
            Drop(entry);
        entry.Slots.WakeAll();
    }

    // The entry cannot leave until its user does, unless the agent is removed.
    private AgentEntry Enter(string agentId)
    {
        while (true)
        {
            var entry = Of(agentId);
            lock (entry.Lock)
            {
                if (entry.IsGone)
                    continue;
                entry.Users++;
                return entry;
            }
        }
    }

    private void Exit(AgentEntry entry)
    {
        lock (entry.Lock)
        {
            entry.Users--;
            if (entry.IsBare)
                Drop(entry);
        }
    }

    private AgentEntry Of(string agentId)
    {
        while (true)
        {
            if (_entries.TryGetValue(agentId, out var known))
                return known;
            var entry = new AgentEntry(agentId, clock.GetTimestamp());
            if (!_entries.TryAdd(agentId, entry))
                continue;
            if (Interlocked.Increment(ref _count) > Volatile.Read(ref _roomFor))
                MakeRoom();
            return entry;
        }
    }

    private void Update<T>(string agentId, T value, Action<AgentEntry, T> set)
    {
        while (true)
        {
            var entry = Of(agentId);
            lock (entry.Lock)
            {
                if (entry.IsGone)
                    continue;
                set(entry, value);
                return;
            }
        }
    }

    // In the entry's lock.
    private void Drop(AgentEntry entry)
    {
        if (entry.IsGone)
            return;
        entry.IsGone = true;
        _entries.TryRemove(KeyValuePair.Create(entry.AgentId, entry));
        Interlocked.Decrement(ref _count);
    }

    /// <summary>An agent's turn.</summary>
    public readonly struct Turn : IDisposable
    {
        private readonly AgentDesk _desk;
        private readonly AgentEntry _entry;

        internal Turn(AgentDesk desk, AgentEntry entry) => (_desk, _entry) = (desk, entry);

        public void Dispose()
        {
            _entry.Turn.Release();
            _desk.Exit(_entry);
        }
    }
}
