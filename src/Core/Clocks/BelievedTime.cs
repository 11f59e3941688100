namespace Headgate.Core.Clocks;

/// <summary>
/// The time by which old things are removed. A clock that was set forward is believed after a day; until then only elapsed time counts. One
/// that was set back is believed at once. A machine that sleeps each night looks as if its clock were set forward each morning: the time
/// before such a jump counts, up to an hour less than a day.
/// </summary>
/// <param name="Wall">What the wall clock showed last.</param>
/// <param name="Time">The believed time then; never later than <paramref name="Wall"/>.</param>
/// <param name="Stood">How long the wall clock has been ahead of it.</param>
public sealed record BelievedTime(DateTimeOffset Wall, DateTimeOffset Time, TimeSpan Stood)
{
    /// <summary>How long a clock that was set forward is not believed.</summary>
    public static readonly TimeSpan Doubt = TimeSpan.FromDays(1);

    /// <summary>
    /// How long a clock that is ahead at the start of a process, or was set forward again, is not believed: a wrong one is corrected soon,
    /// and a right one is common, since a machine may be off each night.
    /// </summary>
    public static readonly TimeSpan DoubtAtStart = TimeSpan.FromHours(1);

    /// <summary>How long it is not believed at least, however much the time of many processes adds up to.</summary>
    public static readonly TimeSpan LeastDoubt = TimeSpan.FromMinutes(10);

    /// <summary>A longer time between the notes of two processes is not believed at once.</summary>
    public static readonly TimeSpan LongestGap = TimeSpan.FromHours(2);

    /// <summary>A smaller difference is drift.</summary>
    private static readonly TimeSpan Inexact = TimeSpan.FromSeconds(2);

    /// <summary>The wall clock is ahead of the believed time.</summary>
    public bool IsInDoubt => Wall - Time > Inexact;

    public static BelievedTime Of(DateTimeOffset wall) => new(wall, wall, TimeSpan.Zero);

    /// <param name="passed">Elapsed time since <see cref="Wall"/> was read.</param>
    /// <param name="wall">What the wall clock shows now.</param>
    public BelievedTime After(TimeSpan passed, DateTimeOffset wall)
    {
        var time = Time + passed;
        var stood = Stood + passed;
        if (wall - Wall - passed > Inexact)
            stood = Earlier(IsInDoubt ? stood : TimeSpan.Zero, Doubt - DoubtAtStart);
        return wall - time <= Inexact || stood >= Doubt ? Of(wall) : new(wall, time, stood);
    }

    /// <summary>Goes on in another process, which doesn't know the elapsed time.</summary>
    /// <param name="wall">What the wall clock shows now.</param>
    public BelievedTime Resumed(DateTimeOffset wall)
    {
        var gap = wall - Wall;
        return gap > LongestGap ? new(wall, Time, Earlier(Later(Stood, Doubt - DoubtAtStart), Doubt - LeastDoubt)) : After(gap > TimeSpan.Zero ? gap : TimeSpan.Zero, wall);
    }

    private static TimeSpan Earlier(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
