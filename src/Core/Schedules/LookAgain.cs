namespace Headgate.Core.Schedules;

/// <summary>
/// When somebody looks again at a schedule that is due and can't go on. It leaves its place meanwhile, so that however many of them there are, the
/// others are fired in time. To the millisecond.
/// </summary>
public static class LookAgain
{
    /// <summary>No schedule is looked at again later, but for <see cref="AtUnknownTimes"/>.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>Where the machine doesn't know when it comes: only an update of the machine helps.</summary>
    public static readonly TimeSpan AtUnknownTimes = TimeSpan.FromHours(1);

    private static readonly TimeSpan Soonest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AfterAFault = TimeSpan.FromSeconds(30);

    /// <summary>It waits: a tenth of the time that it has waited makes no difference to it.</summary>
    public static DateTimeOffset Waiting(DateTimeOffset since, DateTimeOffset now)
    {
        var pause = (now - since) / 10;
        return After(pause < Soonest ? Soonest : pause > Longest ? Longest : pause, now);
    }

    /// <summary>Something went wrong with it.</summary>
    public static DateTimeOffset Failed(DateTimeOffset now) => After(AfterAFault, now);

    /// <summary>It names times that the machine doesn't know.</summary>
    public static DateTimeOffset Unknown(DateTimeOffset now) => After(AtUnknownTimes, now);

    private static DateTimeOffset After(TimeSpan pause, DateTimeOffset now) => DateTimeOffset.FromUnixTimeMilliseconds((now + pause).ToUnixTimeMilliseconds());
}
