namespace Headgate.Ports;

public enum WriteKind
{
    /// <summary>Conflicts if the row exists.</summary>
    Insert,

    /// <summary>Replaces the whole row; conflicts unless its ETag is the given one.</summary>
    Replace,

    /// <summary>Inserts or replaces the whole row; never conflicts.</summary>
    Upsert,

    /// <summary>Conflicts unless the row's ETag is the given one.</summary>
    Delete,

    /// <summary>Never conflicts.</summary>
    DeleteIfExists,
}

/// <summary>The write of one row. Only Replace and Delete use <see cref="TableRow.ETag"/>.</summary>
public readonly record struct TableWrite(WriteKind Kind, TableRow Row)
{
    public static TableWrite Insert(TableRow row) => new(WriteKind.Insert, row);

    public static TableWrite Replace(TableRow row) => new(WriteKind.Replace, row);

    public static TableWrite Upsert(TableRow row) => new(WriteKind.Upsert, row);

    public static TableWrite Delete(TableRow row) => new(WriteKind.Delete, row);

    public static TableWrite DeleteIfExists(string partitionKey, string rowKey) => new(WriteKind.DeleteIfExists, new TableRow(partitionKey, rowKey, []));
}

/// <summary>An atomic batch: one table, one partition, 1..100 writes of different rows, at most 4 MiB.</summary>
public sealed record TableBatch(Table Table, IReadOnlyList<TableWrite> Writes)
{
    public const int MaxWrites = 100;

    public TableBatch(Table table, params TableWrite[] writes)
        : this(table, (IReadOnlyList<TableWrite>)writes)
    {
    }
}

/// <summary>
/// Batches, and the messages to send after them. A backend may apply the batches one by one, so it must be possible to repair or repeat
/// a change of which only the first batches were applied.
/// </summary>
public sealed record TableChange(IReadOnlyList<TableBatch> Batches, IReadOnlyList<OutgoingMessage> Messages)
{
    public TableChange(params TableBatch[] batches)
        : this(batches, [])
    {
    }
}
