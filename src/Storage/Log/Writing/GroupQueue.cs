using Headgate.Ports;

namespace Headgate.Storage.Log.Writing;

/// <summary>
/// What was appended, a group at a time: one fills while the one before is written, and whoever waits for the disk waits for a group. Guards
/// where the log stands, that is positions, groups, who wants them and whether all of it has failed or ended, by <see cref="Gate"/>; who writes
/// waits at that for something to do.
/// </summary>
internal sealed class GroupQueue
{
    private LogGroup _filling = new();
    private LogGroup? _writing;
    private long _appended;
    private long _taken;
    private long _flushed;

    /// <summary>The lock of the whole log; pulsed whenever the writer may have something to do.</summary>
    public object Gate { get; } = new();

    /// <inheritdoc cref="WriteLog.Operations"/>
    public long Operations { get; private set; }

    /// <inheritdoc cref="WriteLog.LazyRecords"/>
    public long LazyRecords { get; private set; }

    /// <inheritdoc cref="WriteLog.FlushWaits"/>
    public long FlushWaits { get; private set; }

    /// <summary>The position of the operation that was appended last.</summary>
    public long Appended => Volatile.Read(ref _appended);

    /// <summary>The position of the last operation that was taken to be written.</summary>
    public long Taken => _taken;

    /// <summary>The group that fills is to be written now. Inside the gate, and so is all below.</summary>
    public bool IsWanted { get; private set; }

    /// <summary>No more is taken in; what fills is the last.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Why nothing can be written any more; null while it can.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>The group that fills holds nothing, and nobody waits for it.</summary>
    public bool IsEmpty => _filling is { Operations.Count: 0, MergeAsked: false };

    /// <summary>Something was appended that is not on disk.</summary>
    public bool IsBehind => _flushed < _appended;

    /// <summary>Timestamp of when the first operation came that is written only in time; null while there is none in the group that fills.</summary>
    public long? LazySince
    {
        get => _filling.LazySince;
        set => _filling.LazySince = value;
    }

    /// <summary>Gives an operation its place.</summary>
    /// <param name="operation">What to append.</param>
    /// <param name="lazy">Nobody is going to wait for it.</param>
    /// <exception cref="StoreUnavailableException">An earlier write failed, or the log has been closed.</exception>
    public long Add(IWriteOperation operation, bool lazy)
    {
        if (Failure is not null || IsClosed)
            throw Unavailable();
        _filling.Operations.Add(operation);
        if (lazy)
        {
            LazyRecords++;
        }
        else
        {
            Operations++;
            _filling.Urgent++;
        }

        return ++_appended;
    }

    /// <summary>Has the group that fills written as soon as may be.</summary>
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
    /// <remarks>Takes the gate where it must wait.</remarks>
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

    /// <summary>A caller writes the group that fills by itself, which is a wait as any other.</summary>
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

    /// <summary>The group that fills is to be written by the caller; another one begins.</summary>
    public LogGroup Take()
    {
        if (_filling is { Operations.Count: > 0, Urgent: 0 })
            Operations++;
        _writing = _filling;
        _taken = _appended;
        _filling = new();
        return _writing;
    }

    /// <summary>As <see cref="Take"/>, for the writer, which has seen to all who want it.</summary>
    /// <returns>Null where nothing is left to write and nothing will come.</returns>
    public LogGroup? TakeWanted()
    {
        IsWanted = false;
        return IsClosed && IsEmpty ? null : Take();
    }

    /// <summary>A group without operations, for a step that nobody waits for.</summary>
    public LogGroup TakeNothing() => _writing = new();

    /// <summary>The group that was taken last is on disk. Takes the gate.</summary>
    public void Flushed(LogGroup group)
    {
        lock (Gate)
        {
            _flushed = _taken;
            group.Release();
        }
    }

    /// <summary>Refuses everything from now on, and whoever waits. Takes the gate.</summary>
    public void Fail(Exception problem)
    {
        lock (Gate)
        {
            Failure = problem;
            _writing?.Fail(Unavailable());
            _filling.Fail(Unavailable());
        }
    }

    /// <summary>What is told to whoever asks for more than the log can do.</summary>
    public StoreUnavailableException Unavailable() => Failure is null
        ? new("The store is closed.")
        : new("The disk refused a write; the process is stopping.", Failure);
}
