using Headgate.Ports;
using Headgate.Ports.Recent;

namespace Headgate.Azure.Tables.Recent;

/// <summary>
/// Rows of runs and tasks, and partitions of agents, as this process last saw them. Bounded: at most some 32 MiB of rows and 5,000
/// partitions; what does not fit is read when it is needed.
/// </summary>
public sealed class RecentRows(TimeProvider clock) : IRecentRows
{
    private readonly RowGenerations _rows = new();
    private readonly RecentPartitions _partitions = new(clock);

    public TableRow? Find(Table table, string partitionKey, string rowKey) => KeepsRows(table) ? _rows.Find(new(table, partitionKey, rowKey)) : null;

    public IReadOnlyList<TableRow>? FindPartition(Table table, string partitionKey) => KeepsPartitions(table) ? _partitions.Find(partitionKey) : null;

    internal void Read(Table table, TableRow row)
    {
        if (KeepsRows(table))
            _rows.Remember(new(table, row.PartitionKey, row.RowKey), row);
    }

    /// <returns>The read of a whole partition, to be ended with what it found; null where the query asks for less than whole rows of a whole partition.</returns>
    internal PartitionRead? Begin(TableQuery query) =>
        KeepsPartitions(query.Table) && query is { PartitionKey: { } partition, From: null, Before: null, Continuation: null, Columns: null } ? _partitions.Begin(partition) : null;

    internal void End(PartitionRead? read, TablePage page)
    {
        if (read is not null)
            _partitions.End(read, page);
    }

    /// <summary>Remembers what a change wrote, and forgets what its conflict has shown to be old.</summary>
    internal void Submitted(TableChange change, ChangeOutcome outcome)
    {
        for (var i = 0; i < outcome.AppliedBatches; i++)
        {
            if (KeepsRows(change.Batches[i].Table))
                Written(change.Batches[i], outcome.ETags[i]);
            else if (KeepsPartitions(change.Batches[i].Table))
                _partitions.Written(change.Batches[i], outcome.ETags[i]);
        }

        if (outcome.Conflict is { } conflict)
            Forget(change.Batches[conflict.Batch]);
    }

    /// <summary>What became of the change is not known.</summary>
    internal void Doubted(TableChange change)
    {
        foreach (var batch in change.Batches)
            Forget(batch);
    }

    private void Written(TableBatch batch, IReadOnlyList<string> etags)
    {
        for (var i = 0; i < batch.Writes.Count; i++)
        {
            var (kind, row) = batch.Writes[i];
            var key = new RowKey(batch.Table, row.PartitionKey, row.RowKey);
            if (kind is WriteKind.Insert or WriteKind.Replace or WriteKind.Upsert)
                _rows.Remember(key, row with { ETag = etags[i] });
            else
                _rows.Forget(key);
        }
    }

    private void Forget(TableBatch batch)
    {
        if (KeepsPartitions(batch.Table))
            _partitions.Forget(batch.Writes[0].Row.PartitionKey);
        else if (KeepsRows(batch.Table))
        {
            foreach (var write in batch.Writes)
                _rows.Forget(new(batch.Table, write.Row.PartitionKey, write.Row.RowKey));
        }
    }

    private static bool KeepsRows(Table table) => table is Table.Tenants or Table.Tasks;

    // An agent's partition is small, and every reservation in it changes one row's ETag.
    private static bool KeepsPartitions(Table table) => table == Table.Agents;
}
