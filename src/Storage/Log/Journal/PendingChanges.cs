namespace Headgate.Storage.Log.Journal;

/// <summary>
/// Records of all clients, coalesced: only the latest state of each thing is kept. The writer thread fills it; after
/// <see cref="Writes"/> nothing may be added until <see cref="Clear"/>.
/// </summary>
/// <param name="clients">The clients of the log.</param>
/// <param name="partlyMerged">As in <see cref="ILogClient.NewPending"/>.</param>
internal sealed class PendingChanges(LogClients clients, bool partlyMerged = false) : IRecordSink
{
    private readonly List<IPendingWrite> _writes = [];
    private readonly IPendingRecords[] _pending = clients.NewPending(partlyMerged);

    /// <inheritdoc cref="IPendingRecords.Count"/>
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

    /// <inheritdoc cref="IPendingRecords.Writes"/>
    public List<IPendingWrite> Writes()
    {
        foreach (var pending in _pending)
            _writes.AddRange(pending.Writes());
        return _writes;
    }

    /// <summary>Tells the clients that all of it can be read from the tables.</summary>
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
