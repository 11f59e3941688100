using System.Collections.Concurrent;
using Headgate.Core.Runs;
using Headgate.Functions.Admission;
using Headgate.Functions.Options;
using Headgate.Functions.Ports;
using Headgate.Functions.Runs;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Telemetry;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Headgate.Functions.Maintenance;

/// <summary>
/// Goes over every live run: sends a start message that never arrived, starts an orchestration that is gone, wakes one that may have
/// missed an event, mends its tasks; then compares each ledger with what it counts.
/// </summary>
public sealed class RunRepair(
    ITableStore tables,
    TenantReader tenants,
    TenantGate gate,
    RunReader runs,
    TaskRepair tasks,
    RunWaker waker,
    IQueueSender queue,
    HeadgateOptions options,
    TimeProvider clock,
    ILogger<RunRepair> logger)
{
    private readonly ConcurrentDictionary<string, int> _driftSeen = new(StringComparer.Ordinal);

    public async Task RunAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        await foreach (var tenantId in tenants.AllIdsAsync(cancellationToken))
        {
            try
            {
                var before = await tenants.ReadAsync(tenantId, cancellationToken);
                var live = await RepairAsync(client, tenantId, cancellationToken);
                if (before is not null)
                    await ReconcileAsync(before, live, cancellationToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // One tenant that can't be repaired must not keep all others from it.
                logger.RepairFailed(failure, tenantId);
            }
        }
    }

    private async Task<int> RepairAsync(DurableTaskClient client, string tenantId, CancellationToken cancellationToken)
    {
        var count = 0;
        var query = TableQuery.Prefix(Table.Tenants, tenantId, RowKeys.LivePrefix);
        do
        {
            var page = await tables.QueryAsync(query, cancellationToken);
            foreach (var row in page.Rows)
            {
                count++;
                await RepairAsync(client, tenantId, row, cancellationToken);
            }

            query = query with { Continuation = page.Continuation };
        }
        while (query.Continuation is not null);
        return count;
    }

    private async Task RepairAsync(DurableTaskClient client, string tenantId, TableRow live, CancellationToken cancellationToken)
    {
        var runId = LiveRow.RunIdOf(live);
        if (clock.GetUtcNow() - LiveRow.SentAt(live) < options.Repair.Patience || await runs.RunAsync(tenantId, runId, cancellationToken) is not { } run || run.Status.IsFinished())
            return;

        var instance = await client.GetInstanceAsync(runId, cancellationToken);
        if (instance is null && run.Status == RunStatus.Pending)
        {
            var sends = LiveRow.Sends(live) + 1;
            var row = LiveRow.Write(tenantId, runId, sends, clock.GetUtcNow()) with { ETag = live.ETag };
            if ((await tables.SubmitAsync(new TableChange(new TableBatch(Table.Tenants, TableWrite.Replace(row))), cancellationToken)).Succeeded)
                await queue.SendAsync(RunQueue.Start(tenantId, runId, sends, run.TraceParent), cancellationToken);
            logger.StartResent(runId, sends);
        }
        else if (instance is null || instance.IsCompleted)
        {
            await waker.RestartAsync(client, tenantId, runId, cancellationToken);
            logger.OrphanRestarted(runId);
        }
        else
        {
            await tasks.RunAsync(runId, cancellationToken);
            await waker.WakeAsync(client, [new(tenantId, runId)], cancellationToken);
        }
    }

    /// <summary>
    /// Corrects the ledger's count, but only a difference that was there twice, and only under the ETag read before counting: whatever
    /// was admitted or finished meanwhile makes this round void.
    /// </summary>
    private async Task ReconcileAsync(TenantSnapshot before, int live, CancellationToken cancellationToken)
    {
        var drift = before.Ledger.InFlight - live;
        if (drift == 0)
        {
            _driftSeen.TryRemove(before.TenantId, out _);
            return;
        }

        var now = await tenants.ReadAsync(before.TenantId, cancellationToken);
        if (now?.LedgerETag != before.LedgerETag)
            return;
        if (!_driftSeen.TryGetValue(before.TenantId, out var seen) || seen != drift)
        {
            _driftSeen[before.TenantId] = drift;
            return;
        }

        var result = await gate.ChangeAsync(before.TenantId, (tenant, _) => tenant.LedgerETag == before.LedgerETag
            ? new TenantEdit<bool>(true, tenant.Ledger with { InFlight = live })
            : new TenantEdit<bool>(false));
        if (result is { Status: GateStatus.Done, Value: true })
        {
            _driftSeen.TryRemove(before.TenantId, out _);
            logger.LedgerCorrected(before.TenantId, before.Ledger.InFlight, live);
        }
    }
}
