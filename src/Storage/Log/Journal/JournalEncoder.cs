namespace Headgate.Storage.Log.Journal;

/// <summary>Encodes records: the kind, then the fields. <see cref="LogClients.Decode"/> reads them back.</summary>
internal sealed class JournalEncoder(LogClients clients) : IRecordSink
{
    private readonly ByteWriter _writer = new();

    public ReadOnlySpan<byte> Written => _writer.Written;

    /// <summary>Records in <see cref="Written"/>.</summary>
    public int Count { get; private set; }

    public void Clear()
    {
        _writer.Clear();
        Count = 0;
    }

    /// <exception cref="InvalidOperationException">No client owns the record's kind. On disk, it would keep the database from opening.</exception>
    public void Add(ILogRecord record)
    {
        if (clients.OwnerOf(record.Kind) < 0)
            throw new InvalidOperationException($"No client of the log owns records of kind {record.Kind}.");
        Count++;
        record.Encode(_writer.Byte(record.Kind));
    }
}
