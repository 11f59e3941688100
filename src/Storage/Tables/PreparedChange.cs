using Headgate.Ports;
using Headgate.Ports.Limits;
using Headgate.Storage.Tables.Coding;

namespace Headgate.Storage.Tables;

/// <summary>A write, checked and encoded before the store's lock is taken.</summary>
/// <param name="Kind">What the write does.</param>
/// <param name="Address">The row.</param>
/// <param name="Data">Null for a delete.</param>
/// <param name="Expected">The version that Replace and Delete require.</param>
internal readonly record struct PreparedWrite(WriteKind Kind, RowAddress Address, byte[]? Data, long Expected)
{
    /// <summary>The write's conflict with the current row; null if there is none.</summary>
    /// <param name="current">The row's version; null if there is no row.</param>
    public ConflictKind? ConflictWith(long? current) => Kind switch
    {
        WriteKind.Insert => current is null ? null : ConflictKind.Exists,
        WriteKind.Replace or WriteKind.Delete => current is null ? ConflictKind.Missing : current == Expected ? null : ConflictKind.Changed,
        _ => null,
    };

    /// <summary>Whether the write can conflict.</summary>
    public bool IsConditional => Kind is WriteKind.Insert or WriteKind.Replace or WriteKind.Delete;
}

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
