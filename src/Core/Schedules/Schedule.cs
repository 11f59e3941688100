namespace Headgate.Core.Schedules;

/// <summary>
/// Decides what a schedule does. Each occurrence is settled once, whatever the clock does: one that is set forward passes over those between, as
/// if the service had been away, and when it comes back they are taken up again; one that is set back fires nothing twice.
/// </summary>
/// <param name="occurrences">When it comes.</param>
/// <param name="jitterSeconds">By how much each occurrence is put off at most; never up to the next one.</param>
/// <param name="overlap">While the last run has not ended.</param>
/// <param name="catchUp">For what came while nobody looked.</param>
/// <param name="seed">Which schedule this is: the same one puts off the same occurrence by the same time, always.</param>
public sealed class Schedule(Occurrences occurrences, int jitterSeconds, OverlapRule overlap, CatchUpRule catchUp, string seed)
{
    /// <summary>An occurrence that is fired so late is still in time.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    /// <summary>By so much may clocks differ that nobody has set.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    /// <summary>For so long after a jump the clock may have been ahead. As long as the service doubts a clock that was set forward.</summary>
    private static readonly TimeSpan Doubt = TimeSpan.FromDays(1);

    /// <summary>The state of a schedule that begins now.</summary>
    public ScheduleState Begin(DateTimeOffset now) => new(occurrences.After(now));

    /// <summary>When an occurrence is fired: with its jitter.</summary>
    public DateTimeOffset FireAt(DateTimeOffset occurrence)
    {
        if (jitterSeconds == 0)
            return occurrence;
        var most = TimeSpan.FromSeconds(jitterSeconds);
        if (occurrences.After(occurrence) - occurrence is { } gap && gap < most)
            most = gap;
        return occurrence.AddMilliseconds(Math.Floor(most.TotalMilliseconds * Fraction(occurrence)));
    }

    /// <summary>When the next occurrence is fired; null where none comes.</summary>
    public DateTimeOffset? NextFireAt(ScheduleState state) => state.NextAt is { } next ? FireAt(next) : null;

    /// <summary>When somebody must look at it next; null where nobody must.</summary>
    public DateTimeOffset? DueAt(ScheduleState state) => state.WaitingAt is { } waiting ? FireAt(waiting) : NextFireAt(state);

    /// <param name="state">As stored.</param>
    /// <param name="now">The time.</param>
    /// <param name="isPreviousLive">The run that it submitted last has not ended.</param>
    public ScheduleStep Decide(ScheduleState state, DateTimeOffset now, bool isPreviousLive)
    {
        state = Reopened(state, now);
        var due = LatestDue(state, now);
        var after = due is { } come ? Settled(state, come) : state;
        if (due is { } late && catchUp == CatchUpRule.None && now - FireAt(late) > Grace)
        {
            if (state.WaitingAt is null)
                return new ScheduleStep.Skip(late, ScheduleStep.MissedCode, after);
            due = null;
        }

        if ((due ?? state.WaitingAt) is not { } at)
            return new ScheduleStep.Nothing(after);
        if (!isPreviousLive)
            return new ScheduleStep.Fire(at, after with { WaitingAt = null });
        return overlap == OverlapRule.Skip
            ? new ScheduleStep.Skip(at, ScheduleStep.OverlapCode, after with { WaitingAt = null })
            : new ScheduleStep.Wait(at, overlap == OverlapRule.CancelPrevious, after with { WaitingAt = at });
    }

    /// <summary>
    /// The clock stands before what was fired after a jump: it was ahead then. Those that it jumped over come after all, and those that were
    /// fired ahead do not come again.
    /// </summary>
    public static ScheduleState Reopened(ScheduleState state, DateTimeOffset now) => state.PassedTo is { } to && to - now > Skew
        ? state with
        {
            NextAt = state.PassedFrom,
            PassedFrom = null,
            PassedTo = null,
            FiredFrom = to,
            // Of two such stretches what lies between them is given up: nothing is fired twice.
            FiredTo = state.FiredTo ?? state.NextAt ?? DateTimeOffset.MaxValue,
        }
        : state;

    private DateTimeOffset? LatestDue(ScheduleState state, DateTimeOffset now)
    {
        if (state.NextAt is not { } from)
            return null;
        var last = Last(state, from, now);
        // Its jitter may not be over; that of the one before is.
        while (last is { } at && FireAt(at) > now)
            last = Last(state, from, at - TimeSpan.FromTicks(1));
        return last;
    }

    private DateTimeOffset? Last(ScheduleState state, DateTimeOffset from, DateTimeOffset until)
    {
        if (until < from)
            return null;
        var last = occurrences.Last(from, until);
        return state.IsFired(last) ? Last(state, from, state.FiredFrom!.Value - TimeSpan.FromTicks(1)) : last;
    }

    private ScheduleState Settled(ScheduleState state, DateTimeOffset at)
    {
        var isBehind = at > state.FiredFrom;
        var next = occurrences.After(at);
        if (state.IsFired(next))
        {
            (next, isBehind) = (state.FiredTo == DateTimeOffset.MaxValue ? null : state.FiredTo, true);
        }

        var passed = at > state.FiredFrom ? state.FiredTo : state.NextAt;
        var isPassed = passed < at && !IsOutweighed(state, passed.Value, at);
        return state with
        {
            NextAt = next,
            PassedFrom = isPassed ? passed : state.PassedFrom,
            PassedTo = isPassed ? at : state.PassedTo,
            FiredFrom = isBehind ? null : state.FiredFrom,
            FiredTo = isBehind ? null : state.FiredTo,
        };
    }

    // A clock that is a year ahead may pass over some once more before it comes back: what it passed over first is more than that. Where it
    // stays ahead, it is right.
    private static bool IsOutweighed(ScheduleState state, DateTimeOffset from, DateTimeOffset to) =>
        from - state.PassedTo <= Doubt && state.PassedTo - state.PassedFrom > to - from;

    // FNV-1a, then mixed so that neighbours are far apart.
    private double Fraction(DateTimeOffset occurrence)
    {
        var hash = 14695981039346656037UL;
        foreach (var character in seed)
            hash = (hash ^ character) * 1099511628211UL;
        hash ^= (ulong)occurrence.ToUnixTimeSeconds();
        hash = (hash ^ (hash >> 33)) * 0xFF51AFD7ED558CCDUL;
        hash = (hash ^ (hash >> 33)) * 0xC4CEB9FE1A85EC53UL;
        return ((hash ^ (hash >> 33)) >> 11) * (1.0 / (1UL << 53));
    }
}
