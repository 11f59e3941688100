using Headgate.Ports;
using Headgate.Storage.Log;

namespace Headgate.Storage.Tables.Records;

/// <summary>The log client of rows. A record is a whole row or its deletion.</summary>
internal sealed class RowLogClient : ILogClient
{
    public const byte Written = 1;
    public const byte Deleted = 2;

    public byte FirstKind => Written;

    public byte LastKind => Deleted;

    /// <summary>Called with the rows of each <see cref="IPendingRecords.Merged"/>, under the same rules.</summary>
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
