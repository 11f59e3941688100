namespace Headgate.Core.Metering;

/// <summary>Foretells when so much is used up, at the rate of today and yesterday.</summary>
public static class UsageForecast
{
    /// <summary>The rate is never taken from less: the first minutes of a month say nothing.</summary>
    public static readonly TimeSpan ShortestBasis = TimeSpan.FromHours(1);

    /// <summary>From when on use is looked at for the rate: the beginning of yesterday, or of the month.</summary>
    public static DateOnly BasisOf(DateTimeOffset now)
    {
        var today = UsagePiece.DayOf(now);
        var month = MonthUsage.MonthOf(today);
        return today == month ? month : today.AddDays(-1);
    }

    /// <summary>The day of this UTC month on which the limit is reached; null where it isn't. What is reached already was so today at the latest.</summary>
    /// <param name="used">In this month.</param>
    /// <param name="limit">Of the month.</param>
    /// <param name="recently">Of that, since <see cref="BasisOf"/>.</param>
    /// <param name="now">The time.</param>
    public static DateOnly? DayReached(double used, double limit, double recently, DateTimeOffset now)
    {
        var today = UsagePiece.DayOf(now);
        if (used >= limit)
            return today;
        if (recently <= 0)
            return null;
        var basis = now - new DateTimeOffset(BasisOf(now).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        var days = (limit - used) / recently * Math.Max(basis.TotalDays, ShortestBasis.TotalDays);
        // No month is longer; a rate near nothing would lead beyond the end of time.
        if (days > 31)
            return null;
        var reached = UsagePiece.DayOf(now.AddDays(days));
        return MonthUsage.MonthOf(reached) == MonthUsage.MonthOf(today) ? reached : null;
    }
}
