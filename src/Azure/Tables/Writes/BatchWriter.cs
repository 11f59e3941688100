using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Headgate.Ports;

namespace Headgate.Azure.Tables.Writes;

/// <summary>Applies one batch: a single write directly, several as a transaction.</summary>
internal sealed class BatchWriter(TableSet tables)
{
    public async Task<BatchResult> ApplyAsync(PreparedBatch batch, CancellationToken cancellationToken)
    {
        var tries = new WriteTries();
        var table = tables[batch.Table];
        var writes = Enumerable.Range(0, batch.Count).ToList();
        var etags = new string[batch.Count];
        Array.Fill(etags, "");
        for (var created = false; writes.Count > 0;)
        {
            try
            {
                using var watch = tries.Watch();
                await SendAsync(table, batch, writes, etags, cancellationToken);
                break;
            }
            catch (RequestFailedException failure) when (Conflicts.IsTableMissing(failure) && !created)
            {
                await table.CreateIfNotExistsAsync(cancellationToken);
                created = true;
            }
            catch (RequestFailedException failure) when (Conflicts.Kind(failure) is { } kind && Conflicts.Index(failure, writes.Count) is { } index)
            {
                var write = writes[index];
                if (kind == ConflictKind.Missing && batch.Kind(write) == WriteKind.DeleteIfExists)
                    // A missing row fails the batch on the server, but not here: send the rest.
                    writes.RemoveAt(index);
                else
                    return tries.MayHaveBeenApplied
                        ? await DoubtfulWrite.ResolveAsync(table, batch, BatchResult.Lost(write, kind), cancellationToken)
                        : BatchResult.Lost(write, kind);
            }
        }

        return BatchResult.Applied(etags);
    }

    private static async Task SendAsync(TableClient table, PreparedBatch batch, List<int> writes, string[] etags, CancellationToken cancellationToken)
    {
        var answers = writes is [var only]
            ? [await SendOneAsync(table, batch, only, cancellationToken)]
            : (await table.SubmitTransactionAsync(writes.Select(batch.Action), cancellationToken)).Value;
        for (var i = 0; i < writes.Count; i++)
        {
            if (batch.IsPut(writes[i]))
                etags[writes[i]] = answers[i].Headers.ETag?.ToString() ?? throw new InvalidDataException("Table storage gave no ETag for a row it wrote.");
        }
    }

    private static async Task<Response> SendOneAsync(TableClient table, PreparedBatch batch, int write, CancellationToken cancellationToken)
    {
        var entity = batch.Entity(write);
        switch (batch.Kind(write))
        {
            case WriteKind.Insert:
                return await table.AddEntityAsync(entity, cancellationToken);
            case WriteKind.Replace:
                return await table.UpdateEntityAsync(entity, batch.Condition(write), TableUpdateMode.Replace, cancellationToken);
            case WriteKind.Upsert:
                return await table.UpsertEntityAsync(entity, TableUpdateMode.Replace, cancellationToken);
            default:
                var answer = await table.DeleteEntityAsync(entity.PartitionKey, entity.RowKey, batch.Condition(write), cancellationToken);
                return answer.Status == 404 ? throw Missing(answer) : answer;
        }
    }

    private static RequestFailedException Missing(Response answer) =>
        new(answer.Status, "The row to delete is gone.", TableErrorCode.ResourceNotFound.ToString(), null);
}
