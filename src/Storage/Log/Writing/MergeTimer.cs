namespace Headgate.Storage.Log.Writing;

/// <summary>Says when what is durable goes from the journal into the tables: after <see cref="WriteLog.MergeDelay"/>. Guards that, by the gate of the groups.</summary>
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

    /// <summary>The time has come, and nobody has seen to it yet. Changes inside the gate; the writer alone takes it back.</summary>
    public bool IsDue { get; private set; }

    /// <summary>The writer has settled a group.</summary>
    /// <param name="seen">It has seen to what was due.</param>
    /// <param name="isBehind">Not everything is in the tables.</param>
    public void Settled(bool seen, bool isBehind)
    {
        lock (_gate)
        {
            IsDue &= !seen;
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
