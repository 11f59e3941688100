using Headgate.Core.Clocks;
using Headgate.Core.Identity;
using Headgate.Core.Metering;
using Headgate.Core.Resources;
using Headgate.Core.Runs;
using Headgate.Functions.Options;
using Headgate.Functions.Schedules;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Security.Keys;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Resources;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Tasks;
using Headgate.Functions.Tasks.Resources;
using Headgate.Functions.Telemetry;
using Headgate.Ports;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Headgate.Functions.Maintenance;

/// <summary>Removes what is past its time, as far as the clock is believed, so much a pass. Every step can be repeated; a run's row goes last. For one pass at a time.</summary>
public sealed class Retention(
    ITableStore tables,
    TenantReader tenants,
    RunReader runs,
    ResourceBook resources,
    BelievedClock believed,
    ScheduleRound schedules,
    AuditChain audit,
    TenantRemoval removal,
    HeadgateOptions options,
    TimeProvider clock,
    ILogger<Retention> logger)
{
    private const int RowsPerPass = 500;

    /// <summary>A month of usage can be compared with those of the two years before it.</summary>
    private const int UsageMonths = 26;

    /// <summary>Kept days are counted by the hour; looking costs a few reads a tenant, and one for every answer that is kept.</summary>
    private static readonly TimeSpan Between = TimeSpan.FromHours(1);

    /// <summary>For how long a clock has stood is noted by each pass, and a process may live for minutes.</summary>
    private static readonly TimeSpan BetweenInDoubt = TimeSpan.FromMinutes(10);

    private long _notBefore;
    private bool _isBehind;

    /// <summary><see cref="RunAsync"/>, unless this process or another has run it within the hour, or ten minutes while the clock is in doubt, and left nothing.</summary>
    public async Task RunWhenDueAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (clock.GetTimestamp() < _notBefore)
            return;
        var wait = await WaitAsync(cancellationToken);
        if (wait <= TimeSpan.Zero)
        {
            await RunAsync(client, cancellationToken);
            var noted = await NoteAsync(cancellationToken);
            wait = _isBehind ? TimeSpan.Zero : noted.IsInDoubt ? BetweenInDoubt : Between;
        }

        _notBefore = clock.GetTimestamp() + (long)(wait.TotalSeconds * clock.TimestampFrequency);
    }

    public async Task RunAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        _isBehind = await removal.RunAsync(client, believed.Now.Time, cancellationToken);
        await RemoveAnswersAsync(RowKeys.Answers, cancellationToken);
        await foreach (var tenantId in tenants.AllIdsAsync(cancellationToken))
        {
            try
            {
                await RemoveOfTenantAsync(client, tenantId, cancellationToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException and not StoreUnavailableException)
            {
                // One tenant whose rows can't be removed must not keep the others from it.
                logger.RepairFailed(failure, tenantId);
                _isBehind = true;
            }
        }
    }

    private async Task RemoveOfTenantAsync(DurableTaskClient client, string tenantId, CancellationToken cancellationToken)
    {
        await RemoveRunsAsync(client, tenantId, cancellationToken);
        await RemoveBeforeAsync(Table.DeadLetters, tenantId, "", options.Retention.DeadLetterDays, cancellationToken);
        await RemoveAuditAsync(tenantId, cancellationToken);
        await RemoveReplaysAsync(client, tenantId, cancellationToken);
        await RemoveAnswersAsync(tenantId, cancellationToken);
        await RemoveKeysAsync(tenantId, cancellationToken);
        await RemoveResourcesAsync(tenantId, cancellationToken);
        await schedules.MendAsync(tenantId, cancellationToken);
        await RemoveUsageAsync(tenantId, cancellationToken);
    }

    private async Task RemoveUsageAsync(string tenantId, CancellationToken cancellationToken)
    {
        var before = UsagePiece.DayOf(believed.Now.Time.AddMonths(-UsageMonths));
        var pieces = new TableQuery(Table.Tenants, tenantId, RowKeys.UsagePrefix, RowKeys.UsageOf(before), RowsPerPass);
        await RemoveAsync(Table.Tenants, Noted(await tables.QueryAsync(pieces, cancellationToken)).Rows, cancellationToken);
        var refusals = new TableQuery(Table.Usage, tenantId, RowKeys.RefusalsPrefix, RowKeys.Refusals(before), RowsPerPass);
        await RemoveAsync(Table.Usage, Noted(await tables.QueryAsync(refusals, cancellationToken)).Rows, cancellationToken);
    }

    // It works no longer before it leaves the list.
    private async Task RemoveKeysAsync(string tenantId, CancellationToken cancellationToken)
    {
        var query = TableQuery.Prefix(Table.Tenants, tenantId, RowKeys.KeyPrefix, RowsPerPass) with { Columns = ["expiresAt"] };
        var change = new ChangeBuilder();
        foreach (var row in Noted(await tables.QueryAsync(query, cancellationToken)).Rows)
        {
            if (row.Columns.Time("expiresAt") is not { } end || end > believed.Now.Time)
                continue;
            change.Add(0, Table.Keys, TableWrite.DeleteIfExists(row.RowKey[RowKeys.KeyPrefix.Length..], KeyRecord.RowKey));
            change.Add(1, Table.Tenants, TableWrite.DeleteIfExists(tenantId, row.RowKey));
        }

        if (!change.IsEmpty)
            await tables.SubmitAsync(change.Build(), cancellationToken);
    }

    /// <returns>How long until the next pass is due; as the row of the last one says.</returns>
    private async Task<TimeSpan> WaitAsync(CancellationToken cancellationToken)
    {
        var last = await tables.GetAsync(Table.Tenants, RowKeys.Service, RowKeys.LastRetention, cancellationToken);
        believed.Learn(last);
        // By what was noted: a process that believes the clock at last must look at once.
        var pause = last?.Columns.Time("at") > last?.Columns.Time("believed") ? BetweenInDoubt : Between;
        var left = last?.Columns.Time("at") + pause - clock.GetUtcNow();
        // More is left only if a clock was set back.
        return left is { } wait && wait <= pause && !last!.Columns.Flag("isBehind") ? wait : TimeSpan.Zero;
    }

    private async Task<BelievedTime> NoteAsync(CancellationToken cancellationToken)
    {
        var now = believed.Now;
        var (wall, time, stood) = now;
        var columns = new Columns(4) { { "at", wall }, { "isBehind", _isBehind }, { "believed", time }, { "stoodSeconds", (int)stood.TotalSeconds } };
        var row = new TableRow(RowKeys.Service, RowKeys.LastRetention, columns);
        await tables.SubmitAsync(new TableChange(new TableBatch(Table.Tenants, TableWrite.Upsert(row))), cancellationToken);
        return now;
    }

    private TablePage Noted(TablePage page)
    {
        _isBehind |= page.Continuation is not null;
        return page;
    }

    // Ids carry the inverted time: what is older than the limit is one range at the end.
    private string Limit(int days) => RunId.Create(believed.Now.Time.AddDays(-days), 0);

    private async Task RemoveRunsAsync(DurableTaskClient client, string tenantId, CancellationToken cancellationToken)
    {
        var query = new TableQuery(Table.Tenants, tenantId, RowKeys.Run(Limit(options.Retention.RunDays)), TableQuery.After(RowKeys.RunPrefix), RowsPerPass);
        foreach (var row in Noted(await tables.QueryAsync(query, cancellationToken)).Rows)
        {
            var run = new RunRecord(row);
            if (!run.Status.IsFinished())
                continue;
            await client.PurgeInstanceAsync(run.RunId, cancellation: cancellationToken);
            var change = new ChangeBuilder();
            var all = await runs.AllAsync(run.RunId, cancellationToken);
            change.Add(0, Table.Tasks, TableWrite.DeleteIfExists(run.RunId, RowKeys.RunRetries));
            foreach (var attempt in all.Attempts)
                change.Add(0, Table.Tasks, TableWrite.DeleteIfExists(run.RunId, RowKeys.Attempt(attempt.TaskName, attempt.Attempt)));
            foreach (var task in all.Tasks)
                change.Add(1, Table.Tasks, TableWrite.DeleteIfExists(run.RunId, RowKeys.Task(task.Name)));
            change.Add(2, Table.Tenants, TableWrite.DeleteIfExists(tenantId, row.RowKey));
            await tables.SubmitAsync(change.Build(), cancellationToken);
        }
    }

    // One that is still under way ends with its row.
    private async Task RemoveReplaysAsync(DurableTaskClient client, string tenantId, CancellationToken cancellationToken)
    {
        var query = new TableQuery(Table.Tenants, tenantId, RowKeys.Replay(Limit(options.Retention.RunDays)), TableQuery.After(RowKeys.ReplayPrefix), RowsPerPass);
        foreach (var row in Noted(await tables.QueryAsync(query, cancellationToken)).Rows)
        {
            await client.PurgeInstanceAsync(row.RowKey[RowKeys.ReplayPrefix.Length..], cancellation: cancellationToken);
            await RemoveAsync(Table.Tenants, [row], cancellationToken);
        }
    }

    private async Task RemoveAuditAsync(string tenantId, CancellationToken cancellationToken)
    {
        await audit.ChainAsync(tenantId, cancellationToken);
        var old = new TableQuery(Table.Audit, tenantId, Limit(options.Retention.AuditDays), Take: RowsPerPass);
        await audit.RemoveAsync(tenantId, Noted(await tables.QueryAsync(old, cancellationToken)).Rows, cancellationToken);
    }

    private async Task RemoveBeforeAsync(Table table, string tenantId, string prefix, int days, CancellationToken cancellationToken)
    {
        var page = Noted(await tables.QueryAsync(new TableQuery(table, tenantId, prefix + Limit(days), Take: RowsPerPass), cancellationToken));
        await RemoveAsync(table, page.Rows, cancellationToken);
    }

    /// <param name="partition">A tenant's, or that of the platform.</param>
    private async Task RemoveAnswersAsync(string partition, CancellationToken cancellationToken)
    {
        var query = TableQuery.Prefix(Table.Tenants, partition, RowKeys.IdempotencyPrefix);
        do
        {
            var page = await tables.QueryAsync(query, cancellationToken);
            var (wall, time, _) = believed.Now;
            // Under its ETag: a key past its time may have been used anew meanwhile.
            var change = new ChangeBuilder();
            foreach (var row in page.Rows)
            {
                var answer = IdempotencyRow.Read(row);
                if (answer.KeptFrom(wall) is not { } since)
                    change.Add(0, Table.Tenants, TableWrite.Replace(IdempotencyRow.Write(partition, row.RowKey, answer with { DoubtedAt = wall }) with { ETag = row.ETag }));
                else if (since + options.Admission.IdempotencyKept < time)
                    change.Add(0, Table.Tenants, TableWrite.Delete(row));
            }

            if (!change.IsEmpty && !(await tables.SubmitAsync(change.Build(), cancellationToken)).Succeeded)
                _isBehind = true;
            query = query with { Continuation = page.Continuation };
        }
        while (query.Continuation is not null);
    }

    // Whoever submits may name what nobody gave rules, and never name it again. What a person holds stays; so does what the service holds
    // while a ready task names it.
    private async Task RemoveResourcesAsync(string tenantId, CancellationToken cancellationToken)
    {
        var before = believed.Now.Time.AddDays(-options.Retention.RunDays);
        var held = new List<StoredResource>();
        var query = TableQuery.Prefix(Table.Tenants, tenantId, RowKeys.ResourcePrefix);
        do
        {
            var page = await tables.QueryAsync(query, cancellationToken);
            var change = new ChangeBuilder();
            foreach (var row in page.Rows)
            {
                var stored = ResourceRow.Read(row);
                if (stored is not { Resource: { Own: null, By: null }, WrittenAt: { } at } || at >= before)
                    continue;
                if (stored.Resource.Phase == ResourcePhase.Held)
                    held.Add(stored);
                else
                    change.Add(0, Table.Tenants, TableWrite.Delete(row));
            }

            if (!change.IsEmpty && !(await tables.SubmitAsync(change.Build(), cancellationToken)).Succeeded)
                _isBehind = true;
            query = query with { Continuation = page.Continuation };
        }
        while (query.Continuation is not null);

        if (held.Count > 0)
            await RemoveHeldAsync(tenantId, held, cancellationToken);
    }

    private async Task RemoveHeldAsync(string tenantId, List<StoredResource> held, CancellationToken cancellationToken)
    {
        var named = await ReadyRow.NamedResourcesAsync(tables, tenantId, cancellationToken);
        foreach (var stored in held)
        {
            if (named.Contains(stored.Name))
                continue;
            var after = await resources.ChangeAsync(
                new(tenantId, stored.Name),
                resource => resource is { Own: null, By: null, Phase: ResourcePhase.Held } && resource.Since == stored.Resource.Since ? Resource.Unknown : resource);
            _isBehind |= after is null;
        }
    }

    private async Task RemoveAsync(Table table, IReadOnlyList<TableRow> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0)
            return;
        var change = new ChangeBuilder();
        foreach (var row in rows)
            change.Add(0, table, TableWrite.DeleteIfExists(row.PartitionKey, row.RowKey));
        await tables.SubmitAsync(change.Build(), cancellationToken);
    }
}
