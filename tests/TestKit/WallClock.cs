namespace Headgate.TestKit;

/// <summary>A clock on the wall that can be set, while the one that timers count by goes on: <see cref="Ticking"/> is moved by hand.</summary>
public sealed class WallClock : TimeProvider
{
    private long _offset;

    public ManualClock Ticking { get; } = new();

    /// <summary>By how much the clock on the wall differs from the one that ticks.</summary>
    public TimeSpan Offset
    {
        get => new(Volatile.Read(ref _offset));
        set => Volatile.Write(ref _offset, value.Ticks);
    }

    public override long TimestampFrequency => Ticking.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => Ticking.GetUtcNow() + Offset;

    public override long GetTimestamp() => Ticking.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        Ticking.CreateTimer(callback, state, dueTime, period);
}
