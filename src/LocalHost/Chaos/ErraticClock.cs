namespace Headgate.LocalHost.Chaos;

/// <summary>A clock that somebody keeps setting, by up to ten minutes forth or back. Timers and time stamps are the system's.</summary>
internal sealed class ErraticClock : TimeProvider, IDisposable
{
    /// <summary>How far it is from the system's clock at most.</summary>
    public static readonly TimeSpan Furthest = TimeSpan.FromMinutes(10);

    private readonly ChaosDice _dice;
    private readonly ITimer _timer;
    private long _offset;

    /// <param name="dice">When it is set, and to what.</param>
    public ErraticClock(ChaosDice dice)
    {
        _dice = dice;
        _timer = TimeProvider.System.CreateTimer(_ => Set(), null, Pause(), Timeout.InfiniteTimeSpan);
    }

    public override DateTimeOffset GetUtcNow() => TimeProvider.System.GetUtcNow() + new TimeSpan(Interlocked.Read(ref _offset));

    public void Dispose() => _timer.Dispose();

    private void Set()
    {
        Interlocked.Exchange(ref _offset, TimeSpan.TicksPerSecond * _dice.Between(-(int)Furthest.TotalSeconds, (int)Furthest.TotalSeconds));
        _timer.Change(Pause(), Timeout.InfiniteTimeSpan);
    }

    private TimeSpan Pause() => TimeSpan.FromSeconds(_dice.Between(3, 20));
}

/// <summary>A clock that is as far ahead as the erratic one ever was: nothing is left for which it is too early.</summary>
internal sealed class CalmClock : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => TimeProvider.System.GetUtcNow() + ErraticClock.Furthest;
}
