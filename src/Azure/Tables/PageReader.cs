using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Headgate.Ports;

namespace Headgate.Azure.Tables;

/// <summary>Reads a page of a query. If the server returns a short page, reads on until the page is full.</summary>
internal static class PageReader
{
    /// <exception cref="ArgumentException">The page size is not 1 to 1000, or the continuation is from another query.</exception>
    public static async Task<TablePage> ReadAsync(TableClient table, TableQuery query, CancellationToken cancellationToken)
    {
        if (query.Take is < 1 or > 1000)
            throw new ArgumentOutOfRangeException(nameof(query), query.Take, "A page has 1 to 1000 rows.");
        if (query.Continuation is { } given && given.Count(' ') != 1)
            throw Foreign(query, null);
        var rows = new List<TableRow>();
        var continuation = query.Continuation;
        do
        {
            var page = await PageAsync(table, query, query.Take - rows.Count, continuation, cancellationToken);
            if (page is null)
                return new([], null);
            rows.AddRange(page.Values.Select(entity => RowMapping.Row(entity!)));
            continuation = page.ContinuationToken;
        }
        while (continuation is not null && rows.Count < query.Take);
        return new(rows, continuation);
    }

    /// <summary>Null if the table does not exist yet.</summary>
    private static async Task<Page<TableEntity>?> PageAsync(
        TableClient table, TableQuery query, int take, string? continuation, CancellationToken cancellationToken)
    {
        try
        {
            await using var pages = table.QueryAsync<TableEntity>(Filter(query), take, Select(query), cancellationToken).AsPages(continuation)
                .GetAsyncEnumerator(cancellationToken);
            return await pages.MoveNextAsync() ? pages.Current : null;
        }
        catch (RequestFailedException failure) when (Conflicts.IsTableMissing(failure))
        {
            return null;
        }
        catch (RequestFailedException failure) when (continuation is not null && Conflicts.Is(failure, TableErrorCode.InvalidInput))
        {
            throw Foreign(query, failure);
        }
    }

    private static string[]? Select(TableQuery query) =>
        query.Columns is { } columns ? [nameof(TableEntity.PartitionKey), nameof(TableEntity.RowKey), .. columns] : null;

    private static string? Filter(TableQuery query)
    {
        List<string> conditions = [];
        Add("PartitionKey eq", query.PartitionKey);
        Add("RowKey ge", query.From);
        Add("RowKey lt", query.Before);
        return conditions.Count == 0 ? null : string.Join(" and ", conditions);

        void Add(string comparison, string? key)
        {
            if (key is not null)
                conditions.Add($"{comparison} '{key.Replace("'", "''", StringComparison.Ordinal)}'");
        }
    }

    private static ArgumentException Foreign(TableQuery query, Exception? cause) =>
        new($"The continuation is not from this query of {query.Table}.", nameof(query), cause);
}
