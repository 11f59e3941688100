namespace Headgate.Ports;

/// <summary>
/// Rows of one partition with <c>From ≤ row key &lt; Before</c> (ordinal). A null partition reads the whole table in
/// (partition, row) order and is for start-up, repair and counts over everything; From and Before then bound the row keys of every partition.
/// </summary>
/// <param name="Table">The table to read.</param>
/// <param name="PartitionKey">The partition, or null for all.</param>
/// <param name="From">First row key, inclusive; null from the beginning.</param>
/// <param name="Before">End of the range, exclusive; null to the end.</param>
/// <param name="Take">Page size, 1..1000.</param>
/// <param name="Continuation">What an earlier page of this same query gave.</param>
/// <param name="Columns">The only columns the rows come with; null for all. Keys and ETag come in any case.</param>
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

    /// <summary>The least key that follows every key starting with <paramref name="prefix"/>.</summary>
    public static string After(string prefix) => string.Concat(prefix.AsSpan(0, prefix.Length - 1), [(char)(prefix[^1] + 1)]);
}

/// <param name="Rows">Rows in ascending key order.</param>
/// <param name="Continuation">Null on the last page.</param>
public sealed record TablePage(IReadOnlyList<TableRow> Rows, string? Continuation);
