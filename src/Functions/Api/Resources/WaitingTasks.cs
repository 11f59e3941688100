using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Resources;
using Headgate.Functions.Tasks;
using Headgate.Ports;

namespace Headgate.Functions.Api.Resources;

/// <summary>Counts the ready tasks that name a resource.</summary>
public sealed class WaitingTasks(ITableStore tables)
{
    private const int MaxRead = 1000;
    private static readonly string[] s_columns = [ReadyRow.ResourcesColumn];

    /// <returns>Null where the tenant has more ready tasks than are looked at.</returns>
    public async ValueTask<int?> CountAsync(string tenantId, string name, CancellationToken cancellationToken)
    {
        var page = await tables.QueryAsync(new TableQuery(Table.Ready, RowKeys.Pool(tenantId), Take: MaxRead, Columns: s_columns), cancellationToken);
        return page.Continuation is null
            ? page.Rows.Count(row => ResourceNames.Read(row.Columns.String(ReadyRow.ResourcesColumn)).Contains(name))
            : null;
    }
}
