namespace Headgate.Storage.Log.Writing;

/// <summary>Sees to it that what nobody waits for is written after <see cref="WriteLog.LazyDelay"/>. Guards whether the timer is set, by the gate of the groups.</summary>
internal sealed class LazyTimer : IAsyncDisposable
{
    private readonly GroupQueue _groups;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private bool _isSet;

    public LazyTimer(GroupQueue groups, TimeProvider time)
    {
        (_groups, _time) = (groups, time);
        _timer = time.CreateTimer(_ => Due(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The group that fills has something to be written in time. Inside the gate.</summary>
    public void Start()
    {
        _groups.LazySince ??= _time.GetTimestamp();
        if (!_isSet)
            Set(WriteLog.LazyDelay);
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Set(TimeSpan delay)
    {
        _isSet = true;
        _timer.Change(delay, Timeout.InfiniteTimeSpan);
    }

    private void Due()
    {
        lock (_groups.Gate)
        {
            _isSet = false;
            if (_groups.LazySince is not { } since)
                return;
            var remaining = WriteLog.LazyDelay - _time.GetElapsedTime(since);
            if (remaining > TimeSpan.Zero)
                Set(remaining);
            else
                _groups.Want();
        }
    }
}
