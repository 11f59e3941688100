namespace Headgate.Ports;

/// <summary>What one write does to a row, and on what condition.</summary>
public enum WriteKind
{
    /// <summary>Fails with <see cref="ConflictKind.Exists"/> where the row exists.</summary>
    Insert,

    /// <summary>Replaces the whole row; needs the ETag that was read.</summary>
    Replace,

    /// <summary>Writes whatever was there.</summary>
    Upsert,

    /// <summary>Needs the ETag that was read.</summary>
    Delete,

    /// <summary>Never fails: a row that is gone already is what was wanted.</summary>
    DeleteIfExists,
}

/// <summary>One row's write. <see cref="TableRow.ETag"/> is the condition of Replace and Delete and ignored otherwise.</summary>
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
/// Batches in the order in which they may become visible, and the messages that follow them. Order matters where the ground
/// cannot apply all at once: whoever builds a change makes sure that any prefix of it can be repaired or repeated.
/// </summary>
public sealed record TableChange(IReadOnlyList<TableBatch> Batches, IReadOnlyList<OutgoingMessage> Messages)
{
    public TableChange(params TableBatch[] batches)
        : this(batches, [])
    {
    }
}
