namespace Headgate.Simulation.Clockwork;

/// <summary>
/// Time that goes from timer to timer. Timers due at one time ring in the order in which they were set, on the thread that moves the
/// clock. For one thread alone.
/// </summary>
internal sealed class VirtualClock(DateTimeOffset start) : TimeProvider
{
    private readonly SortedSet<VirtualTimer> _timers = new(ByDue.Instance);
    private DateTimeOffset _now = start;
    private long _set;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>How often a timer rang.</summary>
    public long Rings { get; private set; }

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Goes to the next timer's time and rings what is due then.</summary>
    /// <returns>False where no timer is set: nothing would ever happen.</returns>
    public bool Step()
    {
        if (_timers.Min is not { } next)
            return false;
        if (next.Due > _now)
            _now = next.Due;
        while (_timers.Min is { } due && due.Due <= _now)
        {
            _timers.Remove(due);
            if (due.Period > TimeSpan.Zero)
                Set(due, due.Period);
            Rings++;
            due.Ring();
        }

        return true;
    }

    private void Set(VirtualTimer timer, TimeSpan delay)
    {
        timer.Due = _now + (delay > TimeSpan.Zero ? delay : TimeSpan.Zero);
        timer.Order = ++_set;
        _timers.Add(timer);
    }

    private sealed class VirtualTimer(VirtualClock clock, TimerCallback callback, object? state) : ITimer
    {
        private bool _disposed;

        public DateTimeOffset Due { get; set; }

        public long Order { get; set; }

        public TimeSpan Period { get; private set; }

        public void Ring() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            clock._timers.Remove(this);
            if (_disposed)
                return false;
            Period = period;
            if (dueTime != Timeout.InfiniteTimeSpan)
                clock.Set(this, dueTime);
            return true;
        }

        public void Dispose()
        {
            _disposed = true;
            clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private sealed class ByDue : IComparer<VirtualTimer>
    {
        public static readonly ByDue Instance = new();

        public int Compare(VirtualTimer? x, VirtualTimer? y)
        {
            var byDue = x!.Due.CompareTo(y!.Due);
            return byDue != 0 ? byDue : x.Order.CompareTo(y.Order);
        }
    }
}
