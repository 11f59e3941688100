using System.Runtime.CompilerServices;

namespace Azure.Data.Tables;

/// <summary>
/// A query's pages. The continuation is what the server's two headers hold, a blank between them; a page may be short or
/// empty and yet have one.
/// </summary>
internal sealed class EntityPages<T>(TableWire wire, string table, string? filter, int? maxPerPage, IEnumerable<string>? select, CancellationToken cancellationToken)
    : AsyncPageable<T>(cancellationToken)
    where T : class, ITableEntity
{
    public override async IAsyncEnumerable<Page<T>> AsPages(string? continuationToken = null, int? pageSizeHint = null)
    {
        do
        {
            var page = await ReadAsync(continuationToken, pageSizeHint ?? maxPerPage);
            continuationToken = page.ContinuationToken;
            yield return page;
        }
        while (continuationToken is not null);
    }

    public override async IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        await foreach (var page in AsPages())
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var entity in page.Values)
                yield return entity!;
        }
    }

    private async Task<Page<T>> ReadAsync(string? continuation, int? top)
    {
        using var message = wire.Query(table, filter, top, select, continuation);
        var response = TableFailure.ThrowIfError(await wire.SendAsync(message, CancellationToken));
        return Page<T>.FromValues(EntityReader.Many<T>(response), Continuation(response), response)!;
    }

    private static string? Continuation(Response response)
    {
        response.Headers.TryGetValue("x-ms-continuation-NextPartitionKey", out var partition);
        response.Headers.TryGetValue("x-ms-continuation-NextRowKey", out var row);
        return partition is null && row is null ? null : $"{partition} {row}";
    }
}
