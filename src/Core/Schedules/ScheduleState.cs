namespace Headgate.Core.Schedules;

/// <summary>Which occurrences of a schedule are settled: fired, left out, or passed over. None of them is fired again.</summary>
/// <param name="NextAt">The first one that is not settled; null where none comes any more.</param>
/// <param name="WaitingAt">One that has come, and waits until the run before it has ended.</param>
/// <param name="PassedFrom">The first of those that were passed over when a later one was fired in their place; null where that never happened.</param>
/// <param name="PassedTo">The one that was.</param>
/// <param name="FiredFrom">The first of those ahead of <paramref name="NextAt"/> that are settled, from a time when the clock was ahead.</param>
/// <param name="FiredTo">The first one behind them that is not; <see cref="DateTimeOffset.MaxValue"/> where there is none.</param>
public sealed record ScheduleState(
    DateTimeOffset? NextAt,
    DateTimeOffset? WaitingAt = null,
    DateTimeOffset? PassedFrom = null,
    DateTimeOffset? PassedTo = null,
    DateTimeOffset? FiredFrom = null,
    DateTimeOffset? FiredTo = null)
{
    /// <summary>A schedule that fires nothing.</summary>
    public static ScheduleState Idle { get; } = new((DateTimeOffset?)null);

    internal bool IsFired(DateTimeOffset? at) => at >= FiredFrom && at < FiredTo;
}

/// <summary>What to do for a schedule now; a closed set.</summary>
/// <param name="After">The state to store.</param>
public abstract record ScheduleStep(ScheduleState After)
{
    /// <summary>Nothing has come.</summary>
    public sealed record Nothing(ScheduleState After) : ScheduleStep(After);

    /// <summary>An occurrence is due: its run is submitted.</summary>
    public sealed record Fire(DateTimeOffset At, ScheduleState After) : ScheduleStep(After);

    /// <summary>An occurrence is left out.</summary>
    /// <param name="Code">Why: <see cref="OverlapCode"/> or <see cref="MissedCode"/>.</param>
    public sealed record Skip(DateTimeOffset At, string Code, ScheduleState After) : ScheduleStep(After);

    /// <summary>An occurrence waits until the run before it has ended.</summary>
    /// <param name="CancelsPrevious">That run is to be cancelled.</param>
    public sealed record Wait(DateTimeOffset At, bool CancelsPrevious, ScheduleState After) : ScheduleStep(After);

    /// <summary>The run before had not ended.</summary>
    public const string OverlapCode = "overlap";

    /// <summary>Nobody was there to fire it in time.</summary>
    public const string MissedCode = "missed";

    /// <summary>The machine doesn't know its time zone.</summary>
    public const string UnknownZoneCode = "unknown-time-zone";
}
