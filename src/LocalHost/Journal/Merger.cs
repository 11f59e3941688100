using Headgate.LocalHost.Sqlite;

namespace Headgate.LocalHost.Journal;

/// <summary>
/// Brings the journal into the tables, a stretch at a time: while one stretch is being filled, the one before is sorted in the
/// background and merged in small steps, each inside a transaction of the writer. Belongs to the writer thread.
/// </summary>
internal sealed class Merger
{
    /// <summary>A stretch of this many changes is merged before its time is up.</summary>
    private const int MaxChanges = 16_384;

    /// <summary>And so is one of this many bytes in the journal.</summary>
    private const int MaxBytes = 32 * 1024 * 1024;

    /// <summary>More is not merged in one step, so that no transaction gets long.</summary>
    private const int StepBytes = 2 * 1024 * 1024;

    private Stretch _filling = new();
    private Stretch? _merging;
    private Stretch? _spare;
    private List<PendingWrite>? _writes;
    private int _next;
    private Task _telling = Task.CompletedTask;

    /// <summary>Everything is in the tables.</summary>
    public bool IsEmpty => _merging is null && _filling.Operations.Count == 0;

    /// <summary>A stretch is being merged.</summary>
    public bool IsMerging => _merging is not null;

    /// <summary>Takes over operations that are in the journal, up to and with an entry.</summary>
    public void Add(IReadOnlyList<IWriteOperation> operations, long number, int bytes)
    {
        _filling.Bytes += bytes;
        foreach (var operation in operations)
            operation.Write(_filling.Changes);
        _filling.Operations.AddRange(operations);
        _filling.LastNumber = number;
    }

    /// <summary>Starts on the stretch filled so far if its time is up, or if it is long.</summary>
    /// <returns>False where it must wait for the stretch before.</returns>
    public bool Begin(bool due)
    {
        if (_merging is null && _filling.Operations.Count > 0 && (due || _filling.IsLong))
        {
            (_merging, _filling) = (_filling, Interlocked.Exchange(ref _spare, null) ?? new());
            _merging.Sorting = Task.Run(_merging.Changes.Writes);
        }

        return !due || _filling.Operations.Count == 0;
    }

    /// <summary>Merges a little. Inside a transaction; <see cref="Committed"/> must follow.</summary>
    /// <param name="connection">The writer.</param>
    /// <param name="writes">How much.</param>
    /// <param name="wait">Whether there is nothing better to do than to wait until the stretch is sorted.</param>
    public void Step(Connection connection, int writes, bool wait)
    {
        if (_merging is null || !(wait || _merging.Sorting!.IsCompleted))
            return;
        _writes ??= _merging.Sorting!.GetAwaiter().GetResult();
        for (var bytes = 0; writes > 0 && bytes < StepBytes && _next < _writes.Count; writes--)
        {
            var write = _writes[_next++];
            write.Run(connection);
            bytes += write.Bytes;
        }

        if (_next == _writes.Count)
            JournalStatements.DeleteUntil(connection, _merging.LastNumber);
    }

    /// <summary>What was merged is on disk.</summary>
    public void Committed()
    {
        if (_writes is null || _next < _writes.Count)
            return;
        var merged = _merging!;
        // In the order of the stretches; thousands at a time, for which no group should wait.
        _telling = _telling.ContinueWith(_ => Tell(merged), TaskScheduler.Default);
        (_merging, _writes, _next) = (null, null, 0);
    }

    /// <summary>Everyone whose operation was merged has been told.</summary>
    public void WaitUntilTold() => _telling.Wait();

    private void Tell(Stretch merged)
    {
        foreach (var operation in merged.Operations)
            operation.Merged();
        merged.Clear();
        Volatile.Write(ref _spare, merged);
    }

    private sealed class Stretch
    {
        public List<IWriteOperation> Operations { get; } = [];

        public PendingChanges Changes { get; } = new();

        public long LastNumber { get; set; }

        public long Bytes { get; set; }

        public bool IsLong => Changes.Count >= MaxChanges || Bytes >= MaxBytes;

        public Task<List<PendingWrite>>? Sorting { get; set; }

        /// <summary>Ready to be filled again: its lists are large, and making them anew each time would keep the collector busy.</summary>
        public void Clear()
        {
            Operations.Clear();
            Changes.Clear();
            (LastNumber, Bytes, Sorting) = (0, 0, null);
        }
    }
}
