namespace Headgate.Ports;

/// <summary>
/// Tables with partition and row keys, ETags and transactions per partition. Reads see every change that this process has submitted, even
/// if it is not on disk. A backend that can't be used is a <see cref="StoreUnavailableException"/>; a conflict is a value in
/// <see cref="ChangeOutcome"/>.
/// </summary>
public interface ITableStore
{
    /// <summary>The row; null if there is none.</summary>
    ValueTask<TableRow?> GetAsync(Table table, string partitionKey, string rowKey, CancellationToken cancellationToken = default);

    /// <summary>One page of rows in ascending key order. Not a snapshot: rows written during the read may or may not be in it.</summary>
    ValueTask<TablePage> QueryAsync(TableQuery query, CancellationToken cancellationToken = default);

    /// <summary>
    /// Applies the batches in order and stops at the first conflict. Each batch is atomic; a backend may apply all of them as one. Messages
    /// are sent only if all batches were applied.
    /// </summary>
    ValueTask<ChangeOutcome> SubmitAsync(TableChange change, CancellationToken cancellationToken = default);
}
