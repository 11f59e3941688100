using Headgate.Ports;
using Headgate.Storage.Log;

namespace Headgate.Storage.Tables.Records;

/// <summary>Rows in the log: each record is a row as it is now, or its absence.</summary>
internal sealed class RowLogClient : ILogClient
{
    public const byte Written = 1;
    public const byte Deleted = 2;

    public byte FirstKind => Written;

    public byte LastKind => Deleted;

    /// <summary>Told, on any thread, what rows can be read from the tables now, each at its latest version. Must be quick and must not throw.</summary>
    public Action<IReadOnlyList<StoredRow>>? RowsMerged { get; set; }

    public ILogRecord Decode(byte kind, ref ByteReader fields) => kind switch
    {
        Written => new StoredRow(Address(ref fields), fields.Number(), fields.Blob()),
        Deleted => new StoredRow(Address(ref fields), fields.Number(), null),
        _ => throw LogClients.Unknown(kind),
    };

    public IPendingRecords NewPending(bool partlyMerged) => new PendingRows(this);

    private static RowAddress Address(ref ByteReader fields) => new((Table)fields.Number(), fields.Text()!, fields.Text()!);
}
