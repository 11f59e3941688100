using Headgate.Ports;

namespace Headgate.Storage.Tables;

/// <summary>A query's range, from the row at which the page before stopped.</summary>
internal sealed class KeyRange
{
    private KeyRange(TableQuery query, string startPartition, string startRow)
    {
        Table = query.Table;
        PartitionKey = query.PartitionKey;
        From = query.From ?? "";
        Before = query.Before;
        StartPartition = startPartition;
        // The continuation may be forged; it must not widen the range.
        StartRow = PartitionKey is not null && KeyRules.Compare(startRow, From) < 0 ? From : startRow;
    }

    public Table Table { get; }

    /// <summary>Null for all partitions.</summary>
    public string? PartitionKey { get; }

    /// <summary>First row key in every partition, inclusive.</summary>
    public string From { get; }

    /// <summary>Row key, exclusive; null: to the end.</summary>
    public string? Before { get; }

    /// <summary>Partition to start at, inclusive.</summary>
    public string StartPartition { get; }

    /// <summary>Row key to start at in <see cref="StartPartition"/>, inclusive.</summary>
    public string StartRow { get; }

    /// <exception cref="ArgumentException">The page size is not 1 to 1000, or the continuation is from another query.</exception>
    public static KeyRange Of(TableQuery query)
    {
        if (query.Take is < 1 or > 1000)
            throw new ArgumentOutOfRangeException(nameof(query), query.Take, "A page has 1 to 1000 rows.");
        if (query.Continuation is null)
            return new(query, query.PartitionKey ?? "", "");
        var parts = query.Continuation.Split('\n');
        if (parts.Length != 2 || (query.PartitionKey is { } partition && parts[0] != partition))
            throw new ArgumentException("The continuation is not from this query.", nameof(query));
        return new(query, parts[0], parts[1]);
    }

    /// <summary>The continuation of a page that stopped before <paramref name="row"/>. Keys never contain a line feed.</summary>
    public static string ContinueAt(TableRow row) => $"{row.PartitionKey}\n{row.RowKey}";

    /// <summary>Whether the range contains a row, which must be of its table and, if it has one, its partition.</summary>
    public bool Contains(StoredRow row)
    {
        var (_, partition, key) = row.Address;
        if (KeyRules.Compare(key, From) < 0 || (Before is not null && KeyRules.Compare(key, Before) >= 0))
            return false;
        var order = KeyRules.Compare(partition, StartPartition);
        return order > 0 || (order == 0 && KeyRules.Compare(key, StartRow) >= 0);
    }
}
