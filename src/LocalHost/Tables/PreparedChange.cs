using Headgate.Functions.Ports;
using Headgate.LocalHost.Tables.Coding;

namespace Headgate.LocalHost.Tables;

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
    private const int MaxBatchBytes = 4 * 1024 * 1024;

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
        if (batch.Writes.Count is 0 or > TableBatch.MaxWrites)
            throw new ArgumentException($"A batch has 1 to {TableBatch.MaxWrites} writes, not {batch.Writes.Count}.", nameof(batch));
        var writes = new PreparedWrite[batch.Writes.Count];
        var bytes = 0;
        for (var i = 0; i < writes.Length; i++)
        {
            writes[i] = Prepare(batch.Table, batch.Writes[i]);
            bytes += writes[i].Data?.Length ?? 0;
        }

        if (bytes > MaxBatchBytes)
            throw new ArgumentException($"A batch of {bytes} bytes; the limit is {MaxBatchBytes}.", nameof(batch));
        CheckRows(writes);
        return writes;
    }

    private static PreparedWrite Prepare(Table table, TableWrite write)
    {
        var (kind, row) = write;
        KeyRules.Check(row.PartitionKey, "partition");
        KeyRules.Check(row.RowKey, "row");
        var conditional = kind is WriteKind.Replace or WriteKind.Delete;
        if (conditional && row.ETag is null)
            throw new ArgumentException($"{kind} needs the ETag that was read.", nameof(write));
        return new(
            kind,
            new(table, row.PartitionKey, row.RowKey),
            kind is WriteKind.Delete or WriteKind.DeleteIfExists ? null : ColumnCodec.Encode(row.Columns),
            conditional ? StoredRow.ParseVersion(row.ETag!) : 0);
    }

    private static void CheckRows(PreparedWrite[] writes)
    {
        if (writes.Length == 1)
            return;
        var partition = writes[0].Address.PartitionKey;
        var keys = new HashSet<string>(writes.Length, StringComparer.Ordinal);
        foreach (var write in writes)
        {
            if (write.Address.PartitionKey != partition)
                throw new ArgumentException("All writes of a batch are of one partition.", nameof(writes));
            if (!keys.Add(write.Address.RowKey))
                throw new ArgumentException($"A batch writes row '{write.Address.RowKey}' twice.", nameof(writes));
        }
    }
}
