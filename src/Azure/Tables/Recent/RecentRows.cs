using Headgate.Ports;
using Headgate.Ports.Recent;

namespace Headgate.Azure.Tables.Recent;

/// <summary>
/// Rows of tenants and tasks, and partitions of agents, as this process last saw them. Holds at most about 32 MiB of rows, and 5,000
/// partitions.
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

    /// <returns>A read to <see cref="End"/> with its page; null unless the query reads whole rows of a whole partition.</returns>
    internal PartitionRead? Begin(TableQuery query) =>
        KeepsPartitions(query.Table) && query is { PartitionKey: { } partition, From: null, Before: null, Continuation: null, Columns: null } ? _partitions.Begin(partition) : null;

    internal void End(PartitionRead? read, TablePage page)
    {
        if (read is not null)
            _partitions.End(read, page);
    }

    /// <summary>Remembers the rows written, and forgets those of the batch that had a conflict.</summary>
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

    /// <summary>Forgets the rows of a change whose outcome is unknown.</summary>
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

    // Small, and every reservation in it changes the ETag of one row.
    private static bool KeepsPartitions(Table table) => table == Table.Agents;
}
