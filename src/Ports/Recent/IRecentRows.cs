namespace Headgate.Ports.Recent;

/// <summary>
/// Rows as this process last wrote or read them. Another process may have overtaken any of them, so they are good for two things only: a
/// decision that ends in a write under the row's ETag, where a conflict shows the row to be old and the next look reads it anew; and a state
/// that is never left again. Whoever would decide to write nothing reads first.
/// </summary>
public interface IRecentRows
{
    /// <summary>The row, or null where it is not remembered; that says nothing about whether it exists.</summary>
    TableRow? Find(Table table, string partitionKey, string rowKey);

    /// <summary>All rows of a partition, as one read not long ago and this process's writes since left them; null where they are not remembered.</summary>
    IReadOnlyList<TableRow>? FindPartition(Table table, string partitionKey);
}

/// <summary>For a ground whose reads cost nothing.</summary>
public sealed class NoRecentRows : IRecentRows
{
    public TableRow? Find(Table table, string partitionKey, string rowKey) => null;

    public IReadOnlyList<TableRow>? FindPartition(Table table, string partitionKey) => null;
}
