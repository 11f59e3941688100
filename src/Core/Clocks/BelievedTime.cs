namespace Headgate.Core.Clocks;

/// <summary>
/// The time by which old things are removed. A clock that was set forward is believed after a day; until then only elapsed time counts. One
/// that was set back is believed at once.
/// </summary>
/// <param name="Wall">What the wall clock showed last.</param>
/// <param name="Time">The believed time then; never later than <paramref name="Wall"/>.</param>
/// <param name="Stood">How long the wall clock has been ahead of it.</param>
public sealed record BelievedTime(DateTimeOffset Wall, DateTimeOffset Time, TimeSpan Stood)
{
    /// <summary>How long a clock that was set forward is not believed.</summary>
    public static readonly TimeSpan Doubt = TimeSpan.FromDays(1);

    /// <summary>How long a clock that is ahead at the start of a process is not believed: a wrong one is corrected soon, and a right one is common, since a machine may be off each night.</summary>
    public static readonly TimeSpan DoubtAtStart = TimeSpan.FromHours(1);

    /// <summary>A longer time between the notes of two processes is not believed at once.</summary>
    public static readonly TimeSpan LongestGap = TimeSpan.FromHours(2);

    /// <summary>A smaller difference is drift.</summary>
    private static readonly TimeSpan Inexact = TimeSpan.FromSeconds(2);

    public static BelievedTime Of(DateTimeOffset wall) => new(wall, wall, TimeSpan.Zero);

    /// <param name="passed">Elapsed time since <see cref="Wall"/> was read.</param>
    /// <param name="wall">What the wall clock shows now.</param>
    public BelievedTime After(TimeSpan passed, DateTimeOffset wall)
    {
        var time = Time + passed;
        var stood = wall - Wall - passed > Inexact ? TimeSpan.Zero : Stood + passed;
        return wall - time <= Inexact || stood >= Doubt ? Of(wall) : new(wall, time, stood);
    }

    /// <summary>Goes on in another process, which doesn't know the elapsed time.</summary>
    /// <param name="wall">What the wall clock shows now.</param>
    public BelievedTime Resumed(DateTimeOffset wall)
    {
        var gap = wall - Wall;
        return gap > LongestGap ? new(wall, Time, Doubt - DoubtAtStart) : After(gap > TimeSpan.Zero ? gap : TimeSpan.Zero, wall);
    }
}
