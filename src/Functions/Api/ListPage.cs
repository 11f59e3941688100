using Headgate.Functions.Wire;
using Headgate.Ports;

namespace Headgate.Functions.Api;

/// <summary>One page of rows whose keys start alike.</summary>
/// <param name="Rows">At most as many as were asked for.</param>
/// <param name="Next">The cursor of the next page; null on the last.</param>
public sealed record ListPage(IReadOnlyList<TableRow> Rows, string? Next)
{
    /// <param name="tables">Where they are.</param>
    /// <param name="table">The table.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="prefix">What the keys start with; may be empty. The cursor holds only what follows it.</param>
    /// <param name="paging">What was asked for.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public static async ValueTask<ListPage> ReadAsync(
        ITableStore tables, Table table, string partition, string prefix, Paging paging, CancellationToken cancellationToken)
    {
        // No key goes on with '!' behind another key, so this is the first place after it.
        var from = paging.After is null ? prefix : $"{prefix}{paging.After}!";
        var before = prefix.Length == 0 ? null : TableQuery.After(prefix);
        var page = await tables.QueryAsync(new TableQuery(table, partition, from, before, paging.Limit + 1), cancellationToken);
        if (page.Rows.Count <= paging.Limit)
            return new ListPage(page.Rows, null);

        var rows = page.Rows.Take(paging.Limit).ToList();
        return new ListPage(rows, paging.Next(rows[^1].RowKey[prefix.Length..]));
    }
}
