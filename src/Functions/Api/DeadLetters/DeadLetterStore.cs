using Headgate.Contracts.Runs;
using Headgate.Ports;

namespace Headgate.Functions.Api.DeadLetters;

/// <summary>Dead letters of one tenant, newest runs first.</summary>
public sealed class DeadLetterStore(ITableStore tables)
{
    public async ValueTask<DeadLetterView?> FindAsync(string tenantId, string id, CancellationToken cancellationToken) =>
        await tables.GetAsync(Table.DeadLetters, tenantId, id, cancellationToken) is { } row ? View(row) : null;

    /// <param name="after">Id of the last one already seen.</param>
    /// <param name="take">At most 1,000.</param>
    public async ValueTask<(IReadOnlyList<DeadLetterView> Items, bool More)> PageAsync(string tenantId, string? after, int take, CancellationToken cancellationToken)
    {
        // '!' is the least character an id may go on with, so this is the first key behind 'after'.
        var page = await tables.QueryAsync(new TableQuery(Table.DeadLetters, tenantId, after is null ? null : after + "!", Take: take), cancellationToken);
        return ([.. page.Rows.Select(View)], page.Continuation is not null);
    }

    /// <summary>Whether the replay under this idempotency row has been admitted already.</summary>
    public async ValueTask<bool> ReplayedAsync(string tenantId, string rowKey, CancellationToken cancellationToken) =>
        await tables.GetAsync(Table.Tenants, tenantId, rowKey, cancellationToken) is not null;

    /// <returns>False where it was gone already.</returns>
    public async ValueTask<bool> RemoveAsync(string tenantId, string id, CancellationToken cancellationToken)
    {
        var row = await tables.GetAsync(Table.DeadLetters, tenantId, id, cancellationToken);
        return row is not null
            && (await tables.SubmitAsync(new TableChange(new TableBatch(Table.DeadLetters, TableWrite.Delete(row))), cancellationToken)).Succeeded;
    }

    private static DeadLetterView View(TableRow row) => new(
        row.RowKey,
        row.Columns.Required("runId"),
        row.RowKey,
        row.Columns.Required("type"),
        row.Columns.String("errorCategory"),
        row.Columns.String("errorMessage"),
        row.Columns.Int("attempts") ?? 0,
        row.Columns.Time("at") ?? DateTimeOffset.MinValue);
}
