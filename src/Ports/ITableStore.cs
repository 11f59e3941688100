namespace Headgate.Ports;

/// <summary>
/// Tables with partition and row keys, ETags and per-partition transactions: the whole of what the app asks of storage.
/// Reads see every change this process has submitted, whether or not it has reached the disk.
/// A broken wire is a <see cref="StoreUnavailableException"/>; a lost race is a value in <see cref="ChangeOutcome"/>.
/// </summary>
public interface ITableStore
{
    /// <summary>The row, or null where there is none.</summary>
    ValueTask<TableRow?> GetAsync(Table table, string partitionKey, string rowKey, CancellationToken cancellationToken = default);

    /// <summary>One page of rows in ascending key order. Not a snapshot: rows written during the read may or may not be in it.</summary>
    ValueTask<TablePage> QueryAsync(TableQuery query, CancellationToken cancellationToken = default);

    /// <summary>
    /// Applies the batches in order. Each batch is atomic; a ground may apply all of them as one.
    /// Stops at the first batch whose conditions fail. Messages are sent only when all batches were applied.
    /// </summary>
    ValueTask<ChangeOutcome> SubmitAsync(TableChange change, CancellationToken cancellationToken = default);
}
