namespace Headgate.Storage.Log.Journal;

/// <summary>
/// What a stretch of the journal comes down to: of everything only its latest state. Filled by the writer thread; complete when
/// <see cref="Writes"/> is asked for.
/// </summary>
/// <param name="clients">Whose records they are.</param>
/// <param name="partlyMerged">As for <see cref="ILogClient.NewPending"/>.</param>
internal sealed class PendingChanges(LogClients clients, bool partlyMerged = false) : IRecordSink
{
    private readonly List<IPendingWrite> _writes = [];
    private readonly IPendingRecords[] _pending = clients.NewPending(partlyMerged);

    /// <summary>How many writes it takes, about.</summary>
    public int Count
    {
        get
        {
            var count = 0;
            foreach (var pending in _pending)
                count += pending.Count;
            return count;
        }
    }

    /// <summary>The writes that bring it into the tables. The list lives until <see cref="Clear"/>.</summary>
    public List<IPendingWrite> Writes()
    {
        foreach (var pending in _pending)
            _writes.AddRange(pending.Writes());
        return _writes;
    }

    /// <summary>Tells the clients that it can be read from the tables.</summary>
    public void Merged()
    {
        foreach (var pending in _pending)
            pending.Merged();
    }

    /// <inheritdoc cref="IPendingRecords.Clear"/>
    public void Clear()
    {
        foreach (var pending in _pending)
            pending.Clear();
        _writes.Clear();
    }

    public void Add(ILogRecord record) => _pending[clients.OwnerOf(record.Kind)].Add(record);
}
