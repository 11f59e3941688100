namespace Headgate.Storage.Log.Journal;

/// <summary>Records as bytes: a kind, then its fields. <see cref="LogClients.Decode"/> reads them back.</summary>
internal sealed class JournalEncoder : IRecordSink
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

    public void Add(ILogRecord record)
    {
        Count++;
        record.Encode(_writer.Byte(record.Kind));
    }
}
