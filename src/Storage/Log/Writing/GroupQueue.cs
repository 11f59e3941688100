using Headgate.Ports;

namespace Headgate.Storage.Log.Writing;

/// <summary>
/// What was appended, in groups: one group fills while the one before it is written. Callers wait for their group's flush, the writer
/// waits at <see cref="Gate"/> for work. Unless said otherwise, members are called inside the gate.
/// </summary>
internal sealed class GroupQueue
{
    private LogGroup _filling = new();
    private LogGroup? _writing;
    private long _appended;
    private long _taken;
    private long _flushed;

    /// <summary>The lock of the whole log. Pulsed when the writer may have work.</summary>
    public object Gate { get; } = new();

    /// <inheritdoc cref="WriteLog.Operations"/>
    public long Operations { get; private set; }

    /// <inheritdoc cref="WriteLog.LazyOperations"/>
    public long LazyOperations { get; private set; }

    /// <inheritdoc cref="WriteLog.FlushWaits"/>
    public long FlushWaits { get; private set; }

    /// <summary>Position of the last operation appended. May be read outside the gate.</summary>
    public long Appended => Volatile.Read(ref _appended);

    /// <summary>Position of the last operation taken for writing.</summary>
    public long Taken => _taken;

    /// <summary>Whether the filling group is to be written now.</summary>
    public bool IsWanted { get; private set; }

    /// <summary>Appends are refused; the filling group is the last.</summary>
    public bool IsClosed { get; private set; }

    /// <inheritdoc cref="WriteLog.Failure"/>
    public Exception? Failure { get; private set; }

    /// <summary>The filling group has no operations, and nobody waits for its merge.</summary>
    public bool IsEmpty => _filling is { Operations.Count: 0, MergeAsked: false };

    /// <summary>Something appended is not on disk yet.</summary>
    public bool IsBehind => _flushed < _appended;

    /// <inheritdoc cref="LogGroup.LazySince"/>
    public long? LazySince
    {
        get => _filling.LazySince;
        set => _filling.LazySince = value;
    }

    /// <param name="operation">What to append.</param>
    /// <param name="lazy">Nobody will wait for it.</param>
    /// <returns>The operation's position.</returns>
    /// <exception cref="StoreUnavailableException">An earlier write failed, or the log has been closed.</exception>
    public long Add(IWriteOperation operation, bool lazy)
    {
        if (Failure is not null || IsClosed)
            throw Unavailable();
        _filling.Operations.Add(operation);
        if (lazy)
        {
            LazyOperations++;
        }
        else
        {
            Operations++;
            _filling.Urgent++;
        }

        return ++_appended;
    }

    /// <summary>Has the filling group written as soon as possible.</summary>
    public void Want()
    {
        if (IsWanted)
            return;
        IsWanted = true;
        Monitor.PulseAll(Gate);
    }

    public void Close()
    {
        IsClosed = true;
        Monitor.PulseAll(Gate);
    }

    /// <inheritdoc cref="WriteLog.FlushedAsync(long)"/>
    /// <remarks>Called outside the gate.</remarks>
    public ValueTask FlushedAsync(long position)
    {
        if (Volatile.Read(ref _flushed) >= position)
            return ValueTask.CompletedTask;
        lock (Gate)
        {
            if (_flushed >= position)
                return ValueTask.CompletedTask;
            ArgumentOutOfRangeException.ThrowIfGreaterThan(position, _appended);
            if (Failure is not null)
                return ValueTask.FromException(Unavailable());
            FlushWaits++;
            if (position <= _taken)
                return new(_writing!.Flushed);
            Want();
            return new(_filling.Flushed);
        }
    }

    /// <summary>As <see cref="Take"/>, for a caller that writes by itself; counts as a wait for the disk.</summary>
    public LogGroup TakeForCaller()
    {
        FlushWaits++;
        return Take();
    }

    /// <inheritdoc cref="WriteLog.MergedAsync"/>
    public ValueTask MergedAsync()
    {
        if (Failure is not null || IsClosed)
            return ValueTask.FromException(Unavailable());
        Want();
        return new(_filling.Merged);
    }

    /// <summary>Hands the filling group to the caller, who must write it, and starts a new one.</summary>
    public LogGroup Take()
    {
        if (_filling is { Operations.Count: > 0, Urgent: 0 })
            Operations++;
        _writing = _filling;
        _taken = _appended;
        _filling = new();
        return _writing;
    }

    /// <summary>As <see cref="Take"/>, for the writer thread.</summary>
    /// <returns>Null if the log is closed and everything is written.</returns>
    public LogGroup? TakeWanted()
    {
        IsWanted = false;
        return IsClosed && IsEmpty ? null : Take();
    }

    /// <summary>An empty group, for a step that only merges.</summary>
    public LogGroup TakeNothing() => _writing = new();

    /// <summary>The group taken last is on disk. Called outside the gate.</summary>
    public void Flushed(LogGroup group)
    {
        lock (Gate)
        {
            _flushed = _taken;
            group.Release();
        }
    }

    /// <summary>Fails all waiters and everything asked from now on. Called outside the gate.</summary>
    public void Fail(Exception problem)
    {
        lock (Gate)
        {
            Failure = problem;
            _writing?.Fail(Unavailable());
            _filling.Fail(Unavailable());
        }
    }

    public StoreUnavailableException Unavailable() => Failure is null
        ? new("The store is closed.")
        : new("The disk refused a write; the process is stopping.", Failure);
}
