namespace Headgate.Core.Clocks;

/// <summary>
/// The time by which what is old is removed or forgotten. A clock that was set forward is believed once it has stood ahead for a day, and
/// until then only what passes counts; one that was set back is believed at once. A machine that sleeps each night looks as if its clock
/// were set forward each morning: what stood before such a jump counts, up to an hour less than a day.
/// </summary>
/// <param name="Wall">What the clock showed last.</param>
/// <param name="Time">What was believed then: never later than <paramref name="Wall"/>.</param>
/// <param name="Stood">For how long the clock has been ahead of what is believed.</param>
public sealed record BelievedTime(DateTimeOffset Wall, DateTimeOffset Time, TimeSpan Stood)
{
    /// <summary>So long a clock that was set forward is not believed.</summary>
    public static readonly TimeSpan Doubt = TimeSpan.FromDays(1);

    /// <summary>
    /// So long one that is ahead at the start of a process, or was set forward again, is not believed: one that comes up wrong is set right
    /// soon, and a machine may be off each night.
    /// </summary>
    public static readonly TimeSpan DoubtAtStart = TimeSpan.FromHours(1);

    /// <summary>So long it is not believed if what stood before adds up over many starts.</summary>
    public static readonly TimeSpan LeastDoubt = TimeSpan.FromMinutes(10);

    /// <summary>A longer time between what two processes noted is doubted.</summary>
    public static readonly TimeSpan LongestGap = TimeSpan.FromHours(2);

    /// <summary>A clock goes wrong by less without being set.</summary>
    private static readonly TimeSpan Inexact = TimeSpan.FromSeconds(2);

    /// <summary>The clock is ahead of what is believed.</summary>
    public bool IsInDoubt => Wall - Time > Inexact;

    /// <summary>Where nothing is known but what the clock shows.</summary>
    public static BelievedTime Of(DateTimeOffset wall) => new(wall, wall, TimeSpan.Zero);

    /// <param name="passed">How much time has passed since, by a clock that nobody sets.</param>
    /// <param name="wall">What the clock shows now.</param>
    public BelievedTime After(TimeSpan passed, DateTimeOffset wall)
    {
        var time = Time + passed;
        var stood = Stood + passed;
        if (wall - Wall - passed > Inexact)
            stood = Earlier(IsInDoubt ? stood : TimeSpan.Zero, Doubt - DoubtAtStart);
        return wall - time <= Inexact || stood >= Doubt ? Of(wall) : new(wall, time, stood);
    }

    /// <summary>In another process, where nobody knows how much time has passed.</summary>
    /// <param name="wall">What the clock shows now.</param>
    public BelievedTime Resumed(DateTimeOffset wall)
    {
        var gap = wall - Wall;
        return gap > LongestGap ? new(wall, Time, Earlier(Later(Stood, Doubt - DoubtAtStart), Doubt - LeastDoubt)) : After(gap > TimeSpan.Zero ? gap : TimeSpan.Zero, wall);
    }

    private static TimeSpan Earlier(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
