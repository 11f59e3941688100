namespace Headgate.Ports.Recent;

/// <summary>
/// Rows as this process last wrote or read them; another process may have changed them since. Use them only for a decision that ends in a
/// write under the row's ETag (a conflict then shows that the row was old, and the next look reads it), or for a final state. Before
/// deciding to write nothing, read the row.
/// </summary>
public interface IRecentRows
{
    /// <summary>The row; null if it is not remembered, though it may exist.</summary>
    TableRow? Find(Table table, string partitionKey, string rowKey);

    /// <summary>All rows of a partition, as of a recent read and this process's writes since; null if not remembered.</summary>
    IReadOnlyList<TableRow>? FindPartition(Table table, string partitionKey);
}

/// <summary>For a backend whose reads cost nothing.</summary>
public sealed class NoRecentRows : IRecentRows
{
    public TableRow? Find(Table table, string partitionKey, string rowKey) => null;

    public IReadOnlyList<TableRow>? FindPartition(Table table, string partitionKey) => null;
}
