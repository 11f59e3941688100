using Headgate.Ports;

namespace Headgate.Fault.Tests.InProcess;

/// <summary>The tables as a process sees them that may die between any two operations on them.</summary>
internal sealed class MortalTables(ITableStore tables) : ITableStore
{
    /// <summary>After how many operations more the process dies; null: it lives.</summary>
    public int? Left { get; set; }

    public ValueTask<TableRow?> GetAsync(Table table, string partitionKey, string rowKey, CancellationToken cancellationToken = default)
    {
        Live();
        return tables.GetAsync(table, partitionKey, rowKey, cancellationToken);
    }

    public ValueTask<TablePage> QueryAsync(TableQuery query, CancellationToken cancellationToken = default)
    {
        Live();
        return tables.QueryAsync(query, cancellationToken);
    }

    public ValueTask<ChangeOutcome> SubmitAsync(TableChange change, CancellationToken cancellationToken = default)
    {
        Live();
        return tables.SubmitAsync(change, cancellationToken);
    }

    /// <exception cref="OperationCanceledException">The process is dead.</exception>
    private void Live()
    {
        if (Left-- <= 0)
            throw new OperationCanceledException("The process died.");
    }
}
