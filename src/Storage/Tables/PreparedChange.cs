using Headgate.Ports;
using Headgate.Ports.Limits;
using Headgate.Storage.Tables.Coding;

namespace Headgate.Storage.Tables;

/// <summary>A write checked and encoded, so that nothing is left to do for it under the store's lock but to decide.</summary>
/// <param name="Kind">What the write does.</param>
/// <param name="Address">Where.</param>
/// <param name="Data">Null for a delete.</param>
/// <param name="Expected">The version asked for by Replace and Delete.</param>
internal readonly record struct PreparedWrite(WriteKind Kind, RowAddress Address, byte[]? Data, long Expected)
{
    /// <summary>What stands in the way of the write where <paramref name="current"/> is the row's version, null for none.</summary>
    public ConflictKind? ConflictWith(long? current) => Kind switch
    {
        WriteKind.Insert => current is null ? null : ConflictKind.Exists,
        WriteKind.Replace or WriteKind.Delete => current is null ? ConflictKind.Missing : current == Expected ? null : ConflictKind.Changed,
        _ => null,
    };

    /// <summary>Whether the write's fate depends on the row that is there.</summary>
    public bool IsConditional => Kind is WriteKind.Insert or WriteKind.Replace or WriteKind.Delete;
}

/// <summary>Checks and encodes what tables are given.</summary>
internal static class PreparedChange
{
    /// <exception cref="ArgumentException">A batch, key or column breaks a limit.</exception>
    public static PreparedWrite[][] Of(TableChange change)
    {
        var batches = new PreparedWrite[change.Batches.Count][];
        for (var i = 0; i < batches.Length; i++)
            batches[i] = Prepare(change.Batches[i]);
        return batches;
    }

    private static PreparedWrite[] Prepare(TableBatch batch)
    {
        BatchLimits.Check(batch);
        var writes = new PreparedWrite[batch.Writes.Count];
        var bytes = 0;
        for (var i = 0; i < writes.Length; i++)
        {
            writes[i] = Prepare(batch.Table, batch.Writes[i]);
            bytes += writes[i].Data?.Length ?? 0;
        }

        BatchLimits.CheckSize(bytes);
        return writes;
    }

    private static PreparedWrite Prepare(Table table, TableWrite write)
    {
        var (kind, row) = write;
        var conditional = kind is WriteKind.Replace or WriteKind.Delete;
        return new(
            kind,
            new(table, row.PartitionKey, row.RowKey),
            kind is WriteKind.Delete or WriteKind.DeleteIfExists ? null : ColumnCodec.Encode(row.Columns),
            conditional ? StoredRow.ParseVersion(row.ETag!) : 0);
    }
}
