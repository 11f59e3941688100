namespace Headgate.Engine;

/// <summary>Runs work on the thread pool, not more than so much at a time, the rest in order. Holds everything back until it is opened.</summary>
internal sealed class BoundedPump(int limit)
{
    private readonly int _limit = limit > 0 ? limit : throw new ArgumentOutOfRangeException(nameof(limit), limit, "At least one must be allowed to run.");
    private readonly Lock _gate = new();
    private readonly Queue<IThreadPoolWorkItem> _waiting = new();
    private TaskCompletionSource? _drained;
    private int _running;
    private bool _open;
    private bool _closed;

    public void Open()
    {
        lock (_gate)
        {
            _open = true;
            while (_running < _limit && _waiting.TryDequeue(out var next))
                Launch(next);
        }
    }

    /// <summary>Takes work on; dropped once the pump is closed. The work must call <see cref="Done"/> at its end.</summary>
    public void Post(IThreadPoolWorkItem work)
    {
        lock (_gate)
        {
            if (_closed)
                return;
            if (_open && _running < _limit)
                Launch(work);
            else
                _waiting.Enqueue(work);
        }
    }

    public void Done()
    {
        lock (_gate)
        {
            _running--;
            if (!_closed && _waiting.TryDequeue(out var next))
                Launch(next);
            else if (_running == 0)
                _drained?.TrySetResult();
        }
    }

    /// <summary>Drops what waits and completes when what runs has ended.</summary>
    public Task CloseAsync()
    {
        lock (_gate)
        {
            _closed = true;
            _waiting.Clear();
            _drained ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_running == 0)
                _drained.TrySetResult();
            return _drained.Task;
        }
    }

    private void Launch(IThreadPoolWorkItem work)
    {
        _running++;
        ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);
    }
}
