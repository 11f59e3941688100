namespace Headgate.Storage.Log.Writing;

/// <summary>Has the filling group written <see cref="WriteLog.LazyDelay"/> after its <see cref="GroupQueue.LazySince"/>.</summary>
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

    /// <summary>Called inside the gate after an append.</summary>
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
