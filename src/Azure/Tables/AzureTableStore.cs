using Azure.Data.Tables;
using Headgate.Azure.Tables.Recent;
using Headgate.Azure.Tables.Writes;
using Headgate.Ports;
using Headgate.Ports.Limits;
using Microsoft.Extensions.Logging;

namespace Headgate.Azure.Tables;

/// <summary>
/// Tables in a storage account, created on first use. Batches are applied one after another. Every write is safe to retry: a conflict with
/// the write's own earlier try is recognized by the mark in its rows.
/// </summary>
public sealed partial class AzureTableStore(
    TableServiceClient account, RecentRows recent, IQueueSender queue, IRandomSource random, ILogger<AzureTableStore> logger)
    : ITableStore
{
    private readonly TableSet _tables = new(account);

    /// <inheritdoc/>
    /// <remarks>Null for a key outside the grammar.</remarks>
    public async ValueTask<TableRow?> GetAsync(Table table, string partitionKey, string rowKey, CancellationToken cancellationToken = default)
    {
        if (!KeyGrammar.IsValid(partitionKey) || !KeyGrammar.IsValid(rowKey))
            return null;
        var answer = await StoreFailures.GuardAsync(
            token => _tables[table].GetEntityIfExistsAsync<TableEntity>(partitionKey, rowKey, null, token), cancellationToken);
        if (!answer.HasValue)
            return null;
        var row = RowMapping.Row(answer.Value!);
        recent.Read(table, row);
        return row;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The page size is not 1 to 1000, or the continuation is from another query.</exception>
    public async ValueTask<TablePage> QueryAsync(TableQuery query, CancellationToken cancellationToken = default)
    {
        var read = recent.Begin(query);
        var page = await StoreFailures.GuardAsync(token => PageReader.ReadAsync(_tables[query.Table], query, token), cancellationToken);
        recent.End(read, page);
        return page;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A batch, key or column breaks a limit.</exception>
    public async ValueTask<ChangeOutcome> SubmitAsync(TableChange change, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var batches = change.Batches.Select(batch => new PreparedBatch(batch, NewMark())).ToList();
        var outcome = await RememberAsync(change, () => StoreFailures.GuardAsync(token => ApplyAsync(batches, token), cancellationToken));
        if (outcome.Succeeded)
            await SendAsync(change.Messages, cancellationToken);
        return outcome;
    }

    private async Task<ChangeOutcome> RememberAsync(TableChange change, Func<Task<ChangeOutcome>> apply)
    {
        try
        {
            var outcome = await apply();
            recent.Submitted(change, outcome);
            return outcome;
        }
        catch
        {
            recent.Doubted(change);
            throw;
        }
    }

    private async Task<ChangeOutcome> ApplyAsync(List<PreparedBatch> batches, CancellationToken cancellationToken)
    {
        var writer = new BatchWriter(_tables);
        var etags = new List<IReadOnlyList<string>>(batches.Count);
        foreach (var batch in batches)
        {
            var result = await writer.ApplyAsync(batch, cancellationToken);
            if (result.Conflict is { } conflict)
                return new(etags.Count, new(etags.Count, result.Write, conflict), etags);
            etags.Add(result.ETags);
        }

        return new(etags.Count, null, etags);
    }

    /// <summary>
    /// A message that can't be sent does not fail the change: maintenance sends it from its row. Sends run in parallel, so that an unavailable
    /// broker delays the answer once, not once a message.
    /// </summary>
    private Task SendAsync(IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellationToken) =>
        Task.WhenAll(messages.Select(message => SendAsync(message, cancellationToken)));

    private async Task SendAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        try
        {
            await queue.SendAsync(message, cancellationToken);
        }
        catch (Exception failure)
        {
            LogUnsent(failure, message.MessageId, message.Queue);
        }
    }

    private Guid NewMark()
    {
        Span<byte> bytes = stackalloc byte[16];
        random.Fill(bytes);
        return new(bytes);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Message {MessageId} could not be sent to queue {Queue}; maintenance sends it from its row.")]
    private partial void LogUnsent(Exception failure, string messageId, string queue);
}
