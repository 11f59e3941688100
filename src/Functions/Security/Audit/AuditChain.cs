using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Headgate.Core.Identity;
using Headgate.Functions.Stores;
using Headgate.Functions.Telemetry;
using Headgate.Ports;
using Microsoft.Extensions.Logging;

namespace Headgate.Functions.Security.Audit;

/// <summary>Where a chain ends, or where what is kept of it begins.</summary>
/// <param name="Sequence">Of the last row, or of the last one that is not kept; 0 before the first.</param>
/// <param name="Hash">That row's.</param>
public sealed record ChainEnd(long Sequence, byte[] Hash)
{
    public static ChainEnd Beginning { get; } = new(0, AuditLink.Beginning);

    public static ChainEnd Of(TableRow? row) =>
        row?.Columns.Long("sequence") is { } sequence && row.Columns.Bytes("hash") is { } hash ? new(sequence, hash) : Beginning;
}

/// <summary>
/// Puts a tenant's audit rows into their chain. A row is written alone, beside what it tells of, and waits under a key of its own; whoever chains it
/// moves it behind the last one, and writes that one's successor under its ETag. So several processes make one chain, no write of a row can lose a race,
/// and one that a crash left behind is chained later: it is seconds after a change of settings, with each look at the audit, and once an hour.
/// </summary>
public sealed class AuditChain(ITableStore tables, TimeProvider clock, ILogger<AuditChain> logger)
{
    private const int Tries = 16;

    // A row is deleted and inserted, and the end of the chain is written.
    private const int MaxAtOnce = (TableBatch.MaxWrites - 1) / 2;

    private const int MaxDue = 1_000;

    public static readonly TimeSpan Delay = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, byte> _due = new(StringComparer.Ordinal);

    /// <summary>Chains the tenant's rows some seconds from now. Of more than 1,000 tenants at once, the rest is left to the next round.</summary>
    public void ChainLater(string tenantId)
    {
        if (_due.Count < MaxDue && _due.TryAdd(tenantId, 0))
            _ = ChainInAWhileAsync(tenantId);
    }

    /// <summary>Chains all of the tenant's rows that wait.</summary>
    /// <exception cref="StoreUnavailableException">Also where other processes kept winning.</exception>
    public async Task ChainAsync(string tenantId, CancellationToken cancellationToken)
    {
        for (var losses = 0; losses < Tries;)
        {
            var waiting = await tables.QueryAsync(TableQuery.Prefix(Table.Audit, tenantId, RowKeys.AuditWaitingPrefix, MaxAtOnce), cancellationToken);
            if (waiting.Rows.Count == 0)
                return;
            var head = await tables.GetAsync(Table.Audit, tenantId, RowKeys.AuditHead, cancellationToken);
            if (!(await tables.SubmitAsync(new TableChange(Chained(tenantId, waiting.Rows, head)), cancellationToken)).Succeeded)
                losses++;
        }

        throw new StoreUnavailableException("The audit could not be chained: other processes kept changing it.", retryAfter: TimeSpan.FromSeconds(1));
    }

    /// <summary>The chain's rows, the newest first, and behind them those that are older than the chain.</summary>
    public async IAsyncEnumerable<TableRow> RowsAsync(string tenantId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var query = new TableQuery(Table.Audit, tenantId, RowKeys.AuditRows);
        do
        {
            var page = await tables.QueryAsync(query, cancellationToken);
            foreach (var row in page.Rows)
                yield return row;
            query = query with { Continuation = page.Continuation };
        }
        while (query.Continuation is not null);
    }

    /// <summary>The chain's last row.</summary>
    public async ValueTask<ChainEnd> HeadAsync(string tenantId, CancellationToken cancellationToken) =>
        ChainEnd.Of(await tables.GetAsync(Table.Audit, tenantId, RowKeys.AuditHead, cancellationToken));

    /// <summary>The last of its rows that are not kept any more.</summary>
    public async ValueTask<ChainEnd> AnchorAsync(string tenantId, CancellationToken cancellationToken) =>
        ChainEnd.Of(await tables.GetAsync(Table.Audit, tenantId, RowKeys.AuditAnchor, cancellationToken));

    /// <summary>Removes rows that are past their time, the oldest of all last; the chain is told to begin after them first.</summary>
    /// <param name="rows">In the order of their keys, the newest first.</param>
    public async Task RemoveAsync(string tenantId, IReadOnlyList<TableRow> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0)
            return;
        var change = new ChangeBuilder();
        if (AuditLink.Of(rows[0]) is { } newest && newest.Sequence > (await AnchorAsync(tenantId, cancellationToken)).Sequence)
            change.Add(0, Table.Audit, TableWrite.Upsert(new TableRow(tenantId, RowKeys.AuditAnchor, new Columns(2) { { "sequence", newest.Sequence }, { "hash", newest.Hash } })));
        foreach (var row in rows)
            change.Add(1, Table.Audit, TableWrite.DeleteIfExists(tenantId, row.RowKey));
        await tables.SubmitAsync(change.Build(), cancellationToken);
    }

    private static TableBatch Chained(string tenantId, IReadOnlyList<TableRow> waiting, TableRow? head)
    {
        var (end, time, repeatable) = (ChainEnd.Of(head), head?.Columns.Time("keyTime") ?? DateTimeOffset.UnixEpoch, head?.Columns.String("repeatable"));
        var writes = new List<TableWrite>((waiting.Count * 2) + 1);
        foreach (var row in waiting)
        {
            writes.Add(TableWrite.Delete(row));
            // Written twice by somebody who could not know that it was written.
            if (row.RowKey == repeatable)
                continue;
            if (AuditEntry.IsRepeatable(row.RowKey))
                repeatable = row.RowKey;
            var sequence = end.Sequence + 1;
            var hash = AuditLink.HashOf(tenantId, row.Columns, sequence, end.Hash);
            // Keys list the chain from its end, whatever the clocks of those who wrote.
            time = row.Columns.Time("at") is { } at && at > time ? at : time;
            var columns = new Columns(row.Columns)
            {
                ["sequence"] = sequence,
                ["previous"] = end.Hash,
                ["hash"] = hash,
            };
            writes.Add(TableWrite.Insert(new TableRow(tenantId, RunId.Create(time, ulong.MaxValue - (ulong)sequence), columns)));
            end = new ChainEnd(sequence, hash);
        }

        var after = new Columns(4) { { "sequence", end.Sequence }, { "hash", end.Hash }, { "keyTime", time }, { "repeatable", repeatable } };
        writes.Add(head is null ? TableWrite.Insert(new TableRow(tenantId, RowKeys.AuditHead, after)) : TableWrite.Replace(head.With(after)));
        return new TableBatch(Table.Audit, writes);
    }

    private async Task ChainInAWhileAsync(string tenantId)
    {
        try
        {
            await Task.Delay(Delay, clock);
            _due.TryRemove(tenantId, out _);
            await ChainAsync(tenantId, CancellationToken.None);
        }
        catch (StoreUnavailableException failure)
        {
            logger.AuditNotChained(failure, tenantId);
        }
    }
}
