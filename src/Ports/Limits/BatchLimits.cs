namespace Headgate.Ports.Limits;

/// <summary>Limits of a batch. Every check throws <see cref="ArgumentException"/>.</summary>
public static class BatchLimits
{
    private const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>Checks the number of writes, keys and ETags, and that all rows differ and are of one partition.</summary>
    public static void Check(TableBatch batch)
    {
        if (batch.Writes.Count is 0 or > TableBatch.MaxWrites)
            throw new ArgumentException($"A batch has 1 to {TableBatch.MaxWrites} writes, not {batch.Writes.Count}.", nameof(batch));
        for (var i = 0; i < batch.Writes.Count; i++)
        {
            var (kind, row) = batch.Writes[i];
            KeyGrammar.Check(row.PartitionKey, "partition");
            KeyGrammar.Check(row.RowKey, "row");
            if (kind is WriteKind.Replace or WriteKind.Delete && row.ETag is null)
                throw new ArgumentException($"{kind} needs the ETag that was read.", nameof(batch));
        }

        if (batch.Writes.Count > 1)
            CheckRows(batch.Writes);
    }

    public static void CheckSize(int bytes)
    {
        if (bytes > MaxBytes)
            throw new ArgumentException($"A batch of {bytes} bytes; the limit is {MaxBytes}.", nameof(bytes));
    }

    private static void CheckRows(IReadOnlyList<TableWrite> writes)
    {
        var partition = writes[0].Row.PartitionKey;
        for (var i = 1; i < writes.Count; i++)
        {
            var row = writes[i].Row;
            if (row.PartitionKey != partition)
                throw new ArgumentException("All writes of a batch are of one partition.", nameof(writes));
            // Batches are short: comparing all pairs takes no longer than building a set.
            for (var earlier = 0; earlier < i; earlier++)
            {
                if (writes[earlier].Row.RowKey == row.RowKey)
                    throw new ArgumentException($"A batch writes row '{row.RowKey}' twice.", nameof(writes));
            }
        }
    }
}
