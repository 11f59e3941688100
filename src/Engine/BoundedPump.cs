namespace Headgate.Engine;

/// <summary>Runs work on the thread pool in order, at most <c>limit</c> items at a time. Runs nothing until <see cref="Open"/>.</summary>
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

    /// <summary>Queues work, which must call <see cref="Done"/> at its end. A closed pump drops it.</summary>
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

    /// <summary>Drops waiting work and completes when running work has ended.</summary>
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
