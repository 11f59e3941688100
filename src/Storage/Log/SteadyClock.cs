namespace Headgate.Storage.Log;

/// <summary>
/// The clock of stored waits. Nobody sets it: it begins with the time on the wall, or with the latest that an earlier process has stored
/// where that is later, and goes on by what passes. So no wait is longer after a start than it was when it was stored.
/// </summary>
/// <param name="time">The clock on the wall, and the one that counts what passes.</param>
/// <param name="latest">The latest time of an earlier process; the smallest there is for none.</param>
public sealed class SteadyClock(TimeProvider time, DateTimeOffset latest)
{
    private readonly long _began = time.GetTimestamp();
    private readonly DateTimeOffset _from = Later(time.GetUtcNow(), latest);

    public DateTimeOffset Now => _from + time.GetElapsedTime(_began);

    /// <summary>When this clock shows that as much has passed as lies between now and a time on the wall.</summary>
    public DateTimeOffset Of(DateTimeOffset wall) => Add(Now, wall - time.GetUtcNow());

    /// <summary>The sum, or the latest time there is.</summary>
    public static DateTimeOffset Add(DateTimeOffset to, TimeSpan wait) => wait < DateTimeOffset.MaxValue - to ? to + wait : DateTimeOffset.MaxValue;

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
