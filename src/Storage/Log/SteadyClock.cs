namespace Headgate.Storage.Log;

/// <summary>
/// The clock for stored waits. It starts at the wall clock's time, or at the latest time an earlier process stored if that is later, and
/// then advances by elapsed time only: setting the wall clock doesn't move it. So a restart never makes a stored wait longer.
/// </summary>
/// <param name="time">Gives the wall clock and the elapsed time.</param>
/// <param name="latest">The latest time that an earlier process stored; default if none.</param>
public sealed class SteadyClock(TimeProvider time, DateTimeOffset latest)
{
    private readonly long _began = time.GetTimestamp();
    private readonly DateTimeOffset _from = Later(time.GetUtcNow(), latest);

    public DateTimeOffset Now => _from + time.GetElapsedTime(_began);

    /// <summary>Converts a wall-clock time: as far from this clock's now as it is from the wall clock's now.</summary>
    public DateTimeOffset Of(DateTimeOffset wall) => Add(Now, wall - time.GetUtcNow());

    /// <summary>The sum, capped at the latest time there is.</summary>
    public static DateTimeOffset Add(DateTimeOffset to, TimeSpan wait) => wait < DateTimeOffset.MaxValue - to ? to + wait : DateTimeOffset.MaxValue;

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
