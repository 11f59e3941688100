namespace Headgate.Ports;

/// <summary>
/// Rows of one partition with <c>From ≤ row key &lt; Before</c>. A null partition reads all partitions in order, with the same bounds in
/// each; it is for start-up, repair and counts.
/// </summary>
/// <param name="Table">The table to read.</param>
/// <param name="PartitionKey">Null for all.</param>
/// <param name="From">Row key, inclusive; null: from the beginning.</param>
/// <param name="Before">Row key, exclusive; null: to the end.</param>
/// <param name="Take">Page size, 1..1000.</param>
/// <param name="Continuation">From the page before, of the same query.</param>
/// <param name="Columns">The columns to read, besides keys and ETag; null for all.</param>
public sealed record TableQuery(
    Table Table,
    string? PartitionKey,
    string? From = null,
    string? Before = null,
    int Take = 1000,
    string? Continuation = null,
    IReadOnlyList<string>? Columns = null)
{
    /// <summary>All rows of the partition whose key starts with <paramref name="prefix"/>.</summary>
    public static TableQuery Prefix(Table table, string partitionKey, string prefix, int take = 1000) =>
        new(table, partitionKey, prefix, After(prefix), take);

    /// <summary>A bound after every key that starts with <paramref name="prefix"/>.</summary>
    public static string After(string prefix) => string.Concat(prefix.AsSpan(0, prefix.Length - 1), [(char)(prefix[^1] + 1)]);
}

/// <param name="Rows">In ascending key order.</param>
/// <param name="Continuation">Null on the last page.</param>
public sealed record TablePage(IReadOnlyList<TableRow> Rows, string? Continuation);
