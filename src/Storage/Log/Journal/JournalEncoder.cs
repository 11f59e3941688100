namespace Headgate.Storage.Log.Journal;

/// <summary>Records as bytes: a kind, then its fields. <see cref="LogClients.Decode"/> reads them back.</summary>
/// <param name="clients">Who can read them again.</param>
internal sealed class JournalEncoder(LogClients clients) : IRecordSink
{
    private readonly ByteWriter _writer = new();

    /// <summary>What was encoded since <see cref="Clear"/>.</summary>
    public ReadOnlySpan<byte> Written => _writer.Written;

    /// <summary>How many records that is.</summary>
    public int Count { get; private set; }

    public void Clear()
    {
        _writer.Clear();
        Count = 0;
    }

    /// <exception cref="InvalidOperationException">Nobody owns the record's kind: on disk it would keep the database from ever being opened.</exception>
    public void Add(ILogRecord record)
    {
        if (clients.OwnerOf(record.Kind) < 0)
            throw new InvalidOperationException($"No client of the log owns records of kind {record.Kind}.");
        Count++;
        record.Encode(_writer.Byte(record.Kind));
    }
}
