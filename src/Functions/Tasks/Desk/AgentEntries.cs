using System.Collections.Concurrent;

namespace Headgate.Functions.Tasks.Desk;

/// <summary>
/// The entries of <see cref="AgentDesk"/>. When their number has doubled, those of silent agents leave: nothing else would drop them in a process
/// that makes no sweeps. Safe for concurrent use.
/// </summary>
/// <param name="lease">After how long an agent is silent.</param>
/// <param name="clock">The clock.</param>
internal sealed class AgentEntries(TimeSpan lease, TimeProvider clock)
{
    private const int Few = 1024;

    private readonly ConcurrentDictionary<string, AgentEntry> _entries = new(StringComparer.Ordinal);
    private int _count;
    private int _roomFor = Few;
    private long _losses;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Grows whenever entries leave of agents that may hold something.</summary>
    public long Losses => Interlocked.Read(ref _losses);

    // Not Values, which copies them.
    public IEnumerable<KeyValuePair<string, AgentEntry>> All => _entries;

    public AgentEntry? Find(string agentId) => _entries.GetValueOrDefault(agentId);

    /// <summary>Takes the agent's entry, or a new one, into use: it leaves only if the agent is removed. To be followed by <see cref="Exit"/>.</summary>
    public AgentEntry Enter(string agentId) => Update(agentId, true, static (entry, _) => entry.Users++);

    public void Exit(AgentEntry entry)
    {
        lock (entry.Lock)
        {
            entry.Users--;
            if (entry.IsBare)
                Drop(entry);
        }
    }

    /// <summary>Writes to the agent's entry, or to a new one, in its lock.</summary>
    public AgentEntry Update<T>(string agentId, T value, Action<AgentEntry, T> set)
    {
        while (true)
        {
            var entry = Of(agentId);
            lock (entry.Lock)
            {
                if (entry.IsGone)
                    continue;
                set(entry, value);
                return entry;
            }
        }
    }

    /// <summary>To be called in the entry's lock.</summary>
    public void Drop(AgentEntry entry)
    {
        if (entry.IsGone)
            return;
        entry.IsGone = true;
        _entries.TryRemove(KeyValuePair.Create(entry.AgentId, entry));
        Interlocked.Decrement(ref _count);
    }

    /// <summary>Drops an entry that nobody uses and whose agent has not been heard of since. To be called in the entry's lock.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="since">Timestamp.</param>
    public void DropSilent(AgentEntry entry, long since)
    {
        if (entry.Users == 0 && entry.At < since)
            Drop(entry);
    }

    /// <summary>The timestamp one lease before another.</summary>
    public long LeaseBefore(long timestamp) => timestamp - (long)(lease.TotalSeconds * clock.TimestampFrequency);

    private AgentEntry Of(string agentId)
    {
        while (true)
        {
            if (Find(agentId) is { } known)
                return known;
            var entry = new AgentEntry(agentId, clock.GetTimestamp());
            if (!_entries.TryAdd(agentId, entry))
                continue;
            if (Interlocked.Increment(ref _count) > Volatile.Read(ref _roomFor))
                MakeRoom();
            return entry;
        }
    }

    private void MakeRoom()
    {
        Interlocked.Increment(ref _losses);
        var silent = LeaseBefore(clock.GetTimestamp());
        foreach (var (_, entry) in _entries)
        {
            lock (entry.Lock)
                DropSilent(entry, silent);
        }

        // Also for a round of the lease sweep that began meanwhile.
        Interlocked.Increment(ref _losses);
        Volatile.Write(ref _roomFor, Math.Max(Few, Count * 2));
    }
}
