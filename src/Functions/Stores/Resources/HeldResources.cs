using Headgate.Core.Resources;
using Headgate.Functions.Options;
using Headgate.Ports;

namespace Headgate.Functions.Stores.Resources;

/// <summary>
/// The list of held resources of all tenants: counting them takes one short read. An entry is written before its resource is held and removed
/// after it is released; one that nothing confirms, left by a change that was cut short, is removed when it is met and no longer young.
/// </summary>
public sealed class HeldResources(ITableStore tables, ResourceReader resources, HeadgateOptions options, TimeProvider clock)
{
    public static TableWrite Listed(string tenantId, string name, DateTimeOffset now) =>
        TableWrite.Upsert(new TableRow(RowKeys.HeldResources, RowKeys.HeldResource(tenantId, name), new Columns(1) { { "at", now } }));

    public static TableWrite Unlisted(string tenantId, string name) => TableWrite.DeleteIfExists(RowKeys.HeldResources, RowKeys.HeldResource(tenantId, name));

    public async ValueTask<int> CountAsync(CancellationToken cancellationToken)
    {
        var count = 0;
        var query = new TableQuery(Table.Tenants, RowKeys.HeldResources);
        do
        {
            var page = await tables.QueryAsync(query, cancellationToken);
            foreach (var row in page.Rows)
            {
                if (await IsHeldAsync(row.RowKey, cancellationToken))
                    count++;
                else if (clock.GetUtcNow() - row.Columns.Time("at") is not { Ticks: >= 0 } age || age >= options.Repair.Patience)
                    await tables.SubmitAsync(new TableChange(new TableBatch(Table.Tenants, TableWrite.Delete(row))), cancellationToken);
            }

            query = query with { Continuation = page.Continuation };
        }
        while (query.Continuation is not null);
        return count;
    }

    private async ValueTask<bool> IsHeldAsync(string key, CancellationToken cancellationToken)
    {
        var colon = key.IndexOf(':', StringComparison.Ordinal);
        return await resources.FindAsync(key[..colon], key[(colon + 1)..], cancellationToken) is { Resource.Phase: ResourcePhase.Held };
    }
}
