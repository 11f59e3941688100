using System.Runtime.InteropServices;

namespace Headgate.Functions.Tasks.Desk;

/// <param name="Number">Counts up.</param>
/// <param name="Began">Timestamp.</param>
/// <param name="Losses">Of entries, before it began.</param>
/// <param name="LooksAtAll">Whether an agent without an entry may hold something all the same.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SweepRound(long Number, long Began, long Losses, bool LooksAtAll);

/// <summary>
/// Rounds of the lease sweep, one at a time. Once one has looked at all agents, whoever has no entry holds nothing that this process handed out.
/// </summary>
public sealed class SweepRounds
{
    private readonly AgentEntries _entries;
    private readonly TimeProvider _clock;
    private long _rounds;
    private SweepRound? _whole;

    internal SweepRounds(AgentEntries entries, TimeProvider clock) => (_entries, _clock) = (entries, clock);

    /// <param name="trust">How long it counts that an agent was found empty-handed: another process may have given it something since.</param>
    public SweepRound Begin(TimeSpan trust)
    {
        var losses = _entries.Losses;
        var isKnown = _whole is { } whole && whole.Losses == losses && _clock.GetElapsedTime(whole.Began) <= trust;
        return new(++_rounds, _clock.GetTimestamp(), losses, !isKnown);
    }

    /// <summary>The round comes to an agent.</summary>
    /// <returns>Whether it has an entry that a later round looks at; one that stands for a deadline alone leaves by itself.</returns>
    public bool Meet(string agentId, SweepRound round)
    {
        if (_entries.Find(agentId) is not { } entry)
            return false;
        lock (entry.Lock)
        {
            entry.Round = round.Number;
            return entry.IsSeen || entry.IsWatched;
        }
    }

    /// <summary>The agent may hold something: every round looks at it.</summary>
    public void Watch(string agentId) => _entries.Update(agentId, true, static (entry, isWatched) => entry.IsWatched = isWatched);

    /// <summary>The agent was silent and empty-handed when it was looked at.</summary>
    /// <param name="agentId">The agent.</param>
    /// <param name="looked">Timestamp from before that: an agent heard of since stays.</param>
    public void Leave(string agentId, long looked)
    {
        if (_entries.Find(agentId) is not { } entry)
            return;
        lock (entry.Lock)
            _entries.DropSilent(entry, looked);
    }

    /// <summary>The round has met all agents there are; nothing is kept of others.</summary>
    /// <param name="round">As it was begun.</param>
    /// <param name="isWhole">Whether it has looked at each that has no entry now.</param>
    public void End(SweepRound round, bool isWhole)
    {
        if (isWhole && round.LooksAtAll)
            _whole = round;
        var silent = _entries.LeaseBefore(round.Began);
        foreach (var (_, entry) in _entries.All)
        {
            lock (entry.Lock)
            {
                if (entry.Round != round.Number)
                    _entries.DropSilent(entry, silent);
            }
        }
    }
}
