namespace Headgate.Core.Clocks;

/// <summary>
/// The time by which what is old is removed or forgotten. A clock that was set forward is believed once it has stood so for a day, and
/// until then only what passes counts; one that was set back is believed at once.
/// </summary>
/// <param name="Wall">What the clock showed last.</param>
/// <param name="Time">What was believed then: never later than <paramref name="Wall"/>.</param>
/// <param name="Stood">For how long the clock has been ahead of what is believed.</param>
public sealed record BelievedTime(DateTimeOffset Wall, DateTimeOffset Time, TimeSpan Stood)
{
    /// <summary>So long a clock that was set forward is not believed.</summary>
    public static readonly TimeSpan Doubt = TimeSpan.FromDays(1);

    /// <summary>So long one that is ahead at the start of a process is not believed: one that comes up wrong is set right soon, and a machine may be off each night.</summary>
    public static readonly TimeSpan DoubtAtStart = TimeSpan.FromHours(1);

    /// <summary>A longer time between what two processes noted is doubted.</summary>
    public static readonly TimeSpan LongestGap = TimeSpan.FromHours(2);

    /// <summary>A clock goes wrong by less without being set.</summary>
    private static readonly TimeSpan Inexact = TimeSpan.FromSeconds(2);

    /// <summary>Where nothing is known but what the clock shows.</summary>
    public static BelievedTime Of(DateTimeOffset wall) => new(wall, wall, TimeSpan.Zero);

    /// <param name="passed">How much time has passed since, by a clock that nobody sets.</param>
    /// <param name="wall">What the clock shows now.</param>
    public BelievedTime After(TimeSpan passed, DateTimeOffset wall)
    {
        var time = Time + passed;
        var stood = wall - Wall - passed > Inexact ? TimeSpan.Zero : Stood + passed;
        return wall - time <= Inexact || stood >= Doubt ? Of(wall) : new(wall, time, stood);
    }

    /// <summary>In another process, where nobody knows how much time has passed.</summary>
    /// <param name="wall">What the clock shows now.</param>
    public BelievedTime Resumed(DateTimeOffset wall)
    {
        var gap = wall - Wall;
        return gap > LongestGap ? new(wall, Time, Doubt - DoubtAtStart) : After(gap > TimeSpan.Zero ? gap : TimeSpan.Zero, wall);
    }
}
