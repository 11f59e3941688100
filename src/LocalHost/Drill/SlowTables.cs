using Headgate.Ports;

namespace Headgate.LocalHost.Drill;

/// <summary>The tables, of which ranges are read slowly or not at all, as they are told.</summary>
internal sealed class SlowTables(ITableStore tables) : ITableStore
{
    /// <summary>How long reading a range takes, by the machine's clock.</summary>
    public TimeSpan Delay { get; set; }

    public bool IsAway { get; set; }

    public ValueTask<TableRow?> GetAsync(Table table, string partitionKey, string rowKey, CancellationToken cancellationToken = default) =>
        tables.GetAsync(table, partitionKey, rowKey, cancellationToken);

    public async ValueTask<TablePage> QueryAsync(TableQuery query, CancellationToken cancellationToken = default)
    {
        if (IsAway)
            throw new StoreUnavailableException("The drill has taken the tables away.");
        if (Delay > TimeSpan.Zero)
            await Task.Delay(Delay, cancellationToken);
        return await tables.QueryAsync(query, cancellationToken);
    }

    public ValueTask<ChangeOutcome> SubmitAsync(TableChange change, CancellationToken cancellationToken = default) => tables.SubmitAsync(change, cancellationToken);
}
