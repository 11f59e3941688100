namespace Headgate.Core.Schedules;

/// <summary>When a schedule comes, as instants in order, at least a minute apart. What is asked twice is answered the same.</summary>
public abstract class Occurrences
{
    private static readonly TimeSpan[] Windows =
    [
        TimeSpan.FromHours(2), TimeSpan.FromDays(1), TimeSpan.FromDays(32), TimeSpan.FromDays(400), TimeSpan.FromDays(9 * 366),
    ];

    /// <summary>The first one strictly after an instant; null where none comes any more.</summary>
    public abstract DateTimeOffset? After(DateTimeOffset instant);

    /// <summary>The last one from <paramref name="from"/> to <paramref name="until"/>, both included; null where there is none.</summary>
    /// <remarks>Looks back in growing steps, so that years that were missed cost no more than the last hours of them.</remarks>
    public virtual DateTimeOffset? Last(DateTimeOffset from, DateTimeOffset until)
    {
        foreach (var window in Windows)
        {
            var reachesAll = until - from <= window;
            if (LastOf(reachesAll ? from : until - window, until) is { } last)
                return last;
            if (reachesAll)
                return null;
        }

        return LastOf(from, until);
    }

    private DateTimeOffset? LastOf(DateTimeOffset from, DateTimeOffset until)
    {
        DateTimeOffset? last = null;
        for (var next = After(from - TimeSpan.FromTicks(1)); next <= until; next = After(next.Value))
            last = next;
        return last;
    }
}

/// <summary>At a fixed distance, whatever clocks show.</summary>
/// <param name="anchor">From where it is counted; the first one comes a period later.</param>
/// <param name="period">At least a minute.</param>
public sealed class PeriodicOccurrences(DateTimeOffset anchor, TimeSpan period) : Occurrences
{
    public override DateTimeOffset? After(DateTimeOffset instant)
    {
        var number = instant < anchor ? 1 : ((instant - anchor).Ticks / period.Ticks) + 1;
        return number > (DateTimeOffset.MaxValue - anchor).Ticks / period.Ticks ? null : anchor + (number * period);
    }

    public override DateTimeOffset? Last(DateTimeOffset from, DateTimeOffset until)
    {
        var last = anchor + ((until - anchor).Ticks / period.Ticks * period);
        return until < anchor + period || last < from ? null : last;
    }
}
