using Azure;
using Azure.Data.Tables;
using Headgate.Ports;

namespace Headgate.Azure.Tables.Writes;

/// <summary>
/// Finds out whether a batch was applied that had a conflict after a try with unknown outcome. A stored row with the batch's mark proves that
/// it was; a row that still has the expected ETag proves that it was not; without either it stays unknown.
/// </summary>
internal static class DoubtfulWrite
{
    /// <summary>An ETag that no row ever has, for a row that others have written since.</summary>
    private const string Overtaken = "W/\"datetime'1601-01-01T00%3A00%3A00.0000000Z'\"";

    /// <exception cref="StoreUnavailableException">The outcome stays unknown.</exception>
    public static async Task<BatchResult> ResolveAsync(TableClient table, PreparedBatch batch, BatchResult lost, CancellationToken cancellationToken)
    {
        var stored = await Task.WhenAll(Enumerable.Range(0, batch.Count).Select(write => ReadAsync(table, batch.Entity(write), cancellationToken)));
        if (Array.Exists(stored, row => row is not null && RowMapping.Carries(row, batch.Mark)))
            return BatchResult.Applied([.. stored.Select((row, write) => ETagOf(batch, write, row))]);
        for (var write = 0; write < stored.Length; write++)
        {
            if (batch.Kind(write) is WriteKind.Replace or WriteKind.Delete && stored[write]?.ETag == batch.Condition(write))
                return lost;
        }

        throw new StoreUnavailableException("An answer of Table storage was lost, and others have written the rows since: whether the write took effect is unknown.");
    }

    private static async Task<TableEntity?> ReadAsync(TableClient table, TableEntity entity, CancellationToken cancellationToken)
    {
        var answer = await table.GetEntityIfExistsAsync<TableEntity>(entity.PartitionKey, entity.RowKey, null, cancellationToken);
        return answer.HasValue ? answer.Value : null;
    }

    private static string ETagOf(PreparedBatch batch, int write, TableEntity? stored) =>
        !batch.IsPut(write) ? "" : stored is not null && RowMapping.Carries(stored, batch.Mark) ? stored.ETag.ToString() : Overtaken;
}
