using Headgate.Storage.Sqlite;

namespace Headgate.Storage.Log.Journal;

/// <summary>
/// Moves the journal into the tables, one batch of entries (a stretch) at a time. While one stretch fills, the one before it is sorted in
/// the background and merged in small steps, each inside a transaction of the writer. For the writer thread only.
/// </summary>
/// <param name="clients">Told of merged stretches, in order and on any thread.</param>
/// <param name="merged">Called after the clients with the log position up to which everything is in the tables.</param>
internal sealed class Merger(LogClients clients, Action<long> merged)
{
    /// <summary>A stretch with this many changes is merged before <see cref="WriteLog.MergeDelay"/> is over.</summary>
    private const int MaxChanges = 16_384;

    /// <summary>So is a stretch with this many bytes in the journal.</summary>
    private const int MaxBytes = 32 * 1024 * 1024;

    /// <summary>Writes per step while no group waits. A step mostly takes 0.25 ms, which the next group may have to wait.</summary>
    private const int IdleStep = 64;

    /// <summary>Most writes after a group while the next stretch is short, because the next group waits for them.</summary>
    private const int WritesAfterGroup = 64;

    /// <summary>Most bytes per step, so that transactions stay short.</summary>
    private const int StepBytes = 2 * 1024 * 1024;

    private Stretch _filling = new(clients);
    private Stretch? _merging;
    private Stretch? _spare;
    private List<IPendingWrite>? _writes;
    private int _next;
    private Task _telling = Task.CompletedTask;

    public bool IsEmpty => _merging is null && _filling.Entries == 0;

    public bool IsLong => _filling.IsLong;

    public bool IsMerging => _merging is not null;

    /// <summary>Takes in one journal entry that is on disk.</summary>
    /// <param name="operations">The entry's operations.</param>
    /// <param name="number">The entry's number.</param>
    /// <param name="position">The log position of the last operation.</param>
    /// <param name="encoded">The entry's bytes.</param>
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

    /// <summary>Starts to merge the stretch filled so far if that is due or the stretch is long.</summary>
    /// <returns>False if it is due but the stretch before it isn't merged yet.</returns>
    public bool Begin(bool due)
    {
        if (_merging is null && _filling.Entries > 0 && (due || _filling.IsLong))
        {
            (_merging, _filling) = (_filling, Interlocked.Exchange(ref _spare, null) ?? new(clients));
            _merging.Sorting = Task.Run(_merging.Changes.Writes);
        }

        return !due || _filling.Entries == 0;
    }

    /// <summary>Merges a few writes. Call inside a transaction, and <see cref="Committed"/> after it.</summary>
    /// <param name="connection">The writer.</param>
    /// <param name="records">Records of the latest group.</param>
    /// <param name="isIdle">True if no group waits: the step may then wait until the stretch is sorted.</param>
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

    // In proportion to what comes in, so that no group waits long. Once the next stretch is a quarter full, more than comes in, so that
    // stretches stay bounded under steady load.
    private int StepFor(int records)
    {
        var writes = 8 + (int)(records * 5L * _writes!.Count / (4L * Math.Max(1, _merging!.Records)));
        return _filling.Changes.Count > MaxChanges / 4 ? writes : Math.Min(writes, WritesAfterGroup);
    }

    public void Committed()
    {
        if (_writes is null || _next < _writes.Count)
            return;
        var stretch = _merging!;
        // Chained to keep the order of stretches; in the background because a stretch has thousands of rows.
        _telling = _telling.ContinueWith(_ => Tell(stretch), TaskScheduler.Default);
        (_merging, _writes, _next) = (null, null, 0);
    }

    public void WaitUntilTold() => _telling.Wait();

    private void Tell(Stretch stretch)
    {
        stretch.Changes.Merged();
        merged(stretch.LastPosition);
        // An oversized stretch would keep its memory.
        if (stretch.Changes.Count > 4 * MaxChanges)
            return;
        stretch.Clear();
        Volatile.Write(ref _spare, stretch);
    }

    private sealed class Stretch(LogClients clients)
    {
        public PendingChanges Changes { get; } = new(clients);

        public int Entries { get; set; }

        public long LastNumber { get; set; }

        public long LastPosition { get; set; }

        public long Bytes { get; set; }

        public long Records { get; set; }

        public bool IsLong => Changes.Count >= MaxChanges || Bytes >= MaxBytes;

        public Task<List<IPendingWrite>>? Sorting { get; set; }

        /// <summary>Makes it ready for reuse: its lists are large, and new ones each time would burden the garbage collector.</summary>
        public void Clear()
        {
            Changes.Clear();
            (Entries, LastNumber, LastPosition, Bytes, Records, Sorting) = (0, 0, 0, 0, 0, null);
        }
    }
}
