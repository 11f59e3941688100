using Headgate.Ports;

namespace Headgate.LocalHost.Chaos;

/// <summary>The tables, of which some operations fail before they are done, and some changes are made though the caller is told that they failed.</summary>
internal sealed class FailingTables(ITableStore tables, ChaosDice dice) : ITableStore
{
    private const int Reads = 200;
    private const int Changes = 60;

    public ValueTask<TableRow?> GetAsync(Table table, string partitionKey, string rowKey, CancellationToken cancellationToken = default)
    {
        Meet(Reads);
        return tables.GetAsync(table, partitionKey, rowKey, cancellationToken);
    }

    public ValueTask<TablePage> QueryAsync(TableQuery query, CancellationToken cancellationToken = default)
    {
        Meet(Reads);
        return tables.QueryAsync(query, cancellationToken);
    }

    public async ValueTask<ChangeOutcome> SubmitAsync(TableChange change, CancellationToken cancellationToken = default)
    {
        Meet(Changes);
        var outcome = await tables.SubmitAsync(change, cancellationToken);
        Meet(Changes);
        return outcome;
    }

    private void Meet(int oneIn)
    {
        if (dice.OneIn(oneIn))
            throw new StoreUnavailableException("The store is away: this is chaos.", retryAfter: TimeSpan.FromSeconds(1));
    }
}
