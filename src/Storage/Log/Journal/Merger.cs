using Headgate.Storage.Sqlite;

namespace Headgate.Storage.Log.Journal;

/// <summary>
/// Brings the journal into the tables, a stretch at a time: while one stretch is being filled, the one before is sorted in the
/// background and merged in small steps, each inside a transaction of the writer. Belongs to the writer thread.
/// </summary>
/// <param name="clients">Whose records it merges; told, in order and on any thread, what is in the tables.</param>
/// <param name="merged">Told, after the clients, until which position of the log everything is.</param>
internal sealed class Merger(LogClients clients, Action<long> merged)
{
    /// <summary>A stretch of this many changes is merged before its time is up.</summary>
    private const int MaxChanges = 16_384;

    /// <summary>And so is one of this many bytes in the journal.</summary>
    private const int MaxBytes = 32 * 1024 * 1024;

    /// <summary>Writes merged in a step with no group waiting: a quarter of a millisecond mostly, which is what the next group may have to wait.</summary>
    private const int IdleStep = 64;

    /// <summary>Writes merged after a group, for which the next one waits, while the next stretch is short: after a large group the rest falls to those that follow.</summary>
    private const int WritesAfterGroup = 64;

    /// <summary>More is not merged in one step, so that no transaction gets long.</summary>
    private const int StepBytes = 2 * 1024 * 1024;

    private Stretch _filling = new(clients);
    private Stretch? _merging;
    private Stretch? _spare;
    private List<IPendingWrite>? _writes;
    private int _next;
    private Task _telling = Task.CompletedTask;

    /// <summary>Everything is in the tables.</summary>
    public bool IsEmpty => _merging is null && _filling.Entries == 0;

    /// <summary>What is to be merged gets long.</summary>
    public bool IsLong => _filling.IsLong;

    /// <summary>A stretch is being merged.</summary>
    public bool IsMerging => _merging is not null;

    /// <summary>Takes over operations that are in the journal.</summary>
    /// <param name="operations">One entry of the journal.</param>
    /// <param name="number">The entry's.</param>
    /// <param name="position">The last operation's place in the log.</param>
    /// <param name="encoded">The entry.</param>
    public void Add(IReadOnlyList<IWriteOperation> operations, long number, long position, JournalEncoder encoded)
    {
        if (operations.Count == 0)
            return;
        foreach (var operation in operations)
            operation.Write(_filling.Changes);
        _filling.Entries++;
        _filling.Bytes += encoded.Written.Length;
        _filling.Records += encoded.Count;
        (_filling.LastNumber, _filling.LastPosition) = (number, position);
    }

    /// <summary>Starts on the stretch filled so far if its time is up, or if it is long.</summary>
    /// <returns>False where it must wait for the stretch before.</returns>
    public bool Begin(bool due)
    {
        if (_merging is null && _filling.Entries > 0 && (due || _filling.IsLong))
        {
            (_merging, _filling) = (_filling, Interlocked.Exchange(ref _spare, null) ?? new(clients));
            _merging.Sorting = Task.Run(_merging.Changes.Writes);
        }

        return !due || _filling.Entries == 0;
    }

    /// <summary>Merges a little. Inside a transaction; <see cref="Committed"/> must follow.</summary>
    /// <param name="connection">The writer.</param>
    /// <param name="records">How many records came in with the latest group.</param>
    /// <param name="isIdle">Whether there is no group, and nothing better to do than to wait until the stretch is sorted.</param>
    public void Step(Connection connection, int records, bool isIdle)
    {
        if (_merging is null || !(isIdle || _merging.Sorting!.IsCompleted))
            return;
        _writes ??= _merging.Sorting!.GetAwaiter().GetResult();
        var writes = isIdle ? IdleStep : StepFor(records);
        for (var bytes = 0; writes > 0 && bytes < StepBytes && _next < _writes.Count; writes--)
        {
            var write = _writes[_next++];
            write.Run(connection);
            bytes += write.Bytes;
        }

        if (_next == _writes.Count)
            JournalStatements.DeleteUntil(connection, _merging.LastNumber);
    }

    // Evenly, so that no group waits long for a step, yet, once the next stretch is a quarter full, more than comes in: stretches stay bounded under unbroken load.
    private int StepFor(int records)
    {
        var writes = 8 + (int)(records * 5L * _writes!.Count / (4L * Math.Max(1, _merging!.Records)));
        return _filling.Changes.Count > MaxChanges / 4 ? writes : Math.Min(writes, WritesAfterGroup);
    }

    /// <summary>What was merged can be read from the tables.</summary>
    public void Committed()
    {
        if (_writes is null || _next < _writes.Count)
            return;
        var stretch = _merging!;
        // In the order of the stretches; thousands at a time, for which no group should wait.
        _telling = _telling.ContinueWith(_ => Tell(stretch), TaskScheduler.Default);
        (_merging, _writes, _next) = (null, null, 0);
    }

    /// <summary>What was merged has been told.</summary>
    public void WaitUntilTold() => _telling.Wait();

    private void Tell(Stretch stretch)
    {
        stretch.Changes.Merged();
        merged(stretch.LastPosition);
        // One that grew out of all proportion is not kept.
        if (stretch.Changes.Count > 4 * MaxChanges)
            return;
        stretch.Clear();
        Volatile.Write(ref _spare, stretch);
    }

    private sealed class Stretch(LogClients clients)
    {
        public PendingChanges Changes { get; } = new(clients);

        /// <summary>How many entries of the journal it holds.</summary>
        public int Entries { get; set; }

        public long LastNumber { get; set; }

        public long LastPosition { get; set; }

        public long Bytes { get; set; }

        public long Records { get; set; }

        public bool IsLong => Changes.Count >= MaxChanges || Bytes >= MaxBytes;

        public Task<List<IPendingWrite>>? Sorting { get; set; }

        /// <summary>Ready to be filled again: its lists are large, and making them anew each time would keep the collector busy.</summary>
        public void Clear()
        {
            Changes.Clear();
            (Entries, LastNumber, LastPosition, Bytes, Records, Sorting) = (0, 0, 0, 0, 0, null);
        }
    }
}
