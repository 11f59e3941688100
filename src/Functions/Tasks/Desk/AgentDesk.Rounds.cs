using System.Runtime.InteropServices;

namespace Headgate.Functions.Tasks.Desk;

/// <param name="Number">Counts up.</param>
/// <param name="Began">Timestamp.</param>
/// <param name="Losses">Of entries, before it began.</param>
/// <param name="LooksAtAll">Whether an agent without an entry may hold something all the same.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct DeskRound(long Number, long Began, long Losses, bool LooksAtAll);

/// <summary>
/// Rounds of the lease sweep, one at a time. Once one has looked at all agents, whoever has no entry holds nothing that this process handed out.
/// </summary>
public sealed partial class AgentDesk
{
    private long _rounds;
    private long _losses;
    private DeskRound? _whole;

    /// <param name="trust">How long it counts that an agent was found empty-handed: another process may have given it something since.</param>
    public DeskRound BeginRound(TimeSpan trust)
    {
        var losses = Interlocked.Read(ref _losses);
        var isKnown = _whole is { } whole && whole.Losses == losses && clock.GetElapsedTime(whole.Began) <= trust;
        return new(++_rounds, clock.GetTimestamp(), losses, !isKnown);
    }

    /// <summary>The round comes to an agent.</summary>
    /// <returns>Whether it has an entry that a later round looks at; one that stands for a deadline alone leaves by itself.</returns>
    public bool Meet(string agentId, DeskRound round)
    {
        if (!_entries.TryGetValue(agentId, out var entry))
            return false;
        lock (entry.Lock)
        {
            entry.Round = round.Number;
            return entry.IsSeen || entry.IsWatched;
        }
    }

    /// <summary>The agent may hold something: every round looks at it.</summary>
    public void Watch(string agentId) => Update(agentId, true, static (entry, isWatched) => entry.IsWatched = isWatched);

    /// <summary>The agent was silent and empty-handed when it was looked at.</summary>
    /// <param name="agentId">The agent.</param>
    /// <param name="looked">Timestamp from before that: whoever has been heard of since stays.</param>
    public void Leave(string agentId, long looked)
    {
        if (!_entries.TryGetValue(agentId, out var entry))
            return;
        lock (entry.Lock)
            DropSilent(entry, looked);
    }

    /// <summary>The round has met all agents there are; of others nothing is kept.</summary>
    /// <param name="round">As it was begun.</param>
    /// <param name="isWhole">Whether it has looked at each that has no entry now.</param>
    public void EndRound(DeskRound round, bool isWhole)
    {
        if (isWhole && round.LooksAtAll)
            _whole = round;
        var silent = round.Began - LeaseTicks;
        foreach (var entry in _entries.Values)
        {
            lock (entry.Lock)
            {
                if (entry.Round != round.Number)
                    DropSilent(entry, silent);
            }
        }
    }

    private long LeaseTicks => (long)(options.Leases.Duration.TotalSeconds * clock.TimestampFrequency);

    // What they held is not known: the next round looks at all.
    private void MakeRoom()
    {
        Interlocked.Increment(ref _losses);
        DropSilent();
        // Also for a round that was begun meanwhile.
        Interlocked.Increment(ref _losses);
        Volatile.Write(ref _roomFor, Math.Max(SmallDesk, Count * 2));
    }

    private void DropSilent()
    {
        var silent = clock.GetTimestamp() - LeaseTicks;
        foreach (var entry in _entries.Values)
        {
            lock (entry.Lock)
                DropSilent(entry, silent);
        }
    }

    // In the entry's lock.
    private void DropSilent(AgentEntry entry, long since)
    {
        if (entry.Users == 0 && entry.At < since)
            Drop(entry);
    }
}
