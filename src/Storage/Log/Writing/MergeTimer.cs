namespace Headgate.Storage.Log.Writing;

/// <summary>Says when the journal is to be merged into the tables: <see cref="WriteLog.MergeDelay"/> after its first group.</summary>
internal sealed class MergeTimer : IAsyncDisposable
{
    private readonly object _gate;
    private readonly ITimer _timer;
    private bool _isSet;

    public MergeTimer(object gate, TimeProvider time)
    {
        _gate = gate;
        _timer = time.CreateTimer(_ => Due(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The delay is over, and the merge has not begun. Changes inside the gate; only the writer resets it.</summary>
    public bool IsDue { get; private set; }

    /// <summary>Called by the writer after each group.</summary>
    /// <param name="begun">The merge that was due has begun.</param>
    /// <param name="isBehind">The journal holds something that is not in the tables.</param>
    public void Restart(bool begun, bool isBehind)
    {
        lock (_gate)
        {
            IsDue &= !begun;
            if (!isBehind || IsDue || _isSet)
                return;
            _isSet = true;
            _timer.Change(WriteLog.MergeDelay, Timeout.InfiniteTimeSpan);
        }
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Due()
    {
        lock (_gate)
        {
            (_isSet, IsDue) = (false, true);
            Monitor.PulseAll(_gate);
        }
    }
}
