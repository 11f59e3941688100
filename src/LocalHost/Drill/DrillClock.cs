namespace Headgate.LocalHost.Drill;

/// <summary>
/// Time that is moved. Timers fire on the thread that moves it, in the order of their due times, and see the clock at their own.
/// Safe for concurrent use.
/// </summary>
internal sealed class DrillClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<DrillTimer> _timers = [];
    private DateTimeOffset _now = start;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
            return _now;
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new DrillTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves it; by nothing, timers fire that were due when they were set.</summary>
    public void Advance(TimeSpan by)
    {
        var target = GetUtcNow() + by;
        while (TakeDue(target) is { } timer)
            timer.Fire();
    }

    private DrillTimer? TakeDue(DateTimeOffset target)
    {
        lock (_lock)
        {
            var next = _timers.MinBy(timer => timer.Due);
            if (next is null || next.Due > target)
            {
                _now = target > _now ? target : _now;
                return null;
            }

            _now = next.Due > _now ? next.Due : _now;
            if (next.Period > TimeSpan.Zero)
                next.Due = _now + next.Period;
            else
                _timers.Remove(next);
            return next;
        }
    }

    private sealed class DrillTimer(DrillClock clock, TimerCallback callback, object? state) : ITimer
    {
        private bool _isDisposed;

        public DateTimeOffset Due { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                clock._timers.Remove(this);
                if (_isDisposed)
                    return false;
                if (dueTime == Timeout.InfiniteTimeSpan)
                    return true;
                (Due, Period) = (clock._now + dueTime, period);
                clock._timers.Add(this);
                return true;
            }
        }

        public void Dispose()
        {
            lock (clock._lock)
            {
                _isDisposed = true;
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
