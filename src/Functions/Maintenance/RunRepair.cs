using System.Diagnostics.Metrics;
using Headgate.Core.Plans;
using Headgate.Core.Runs;
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
    LedgerRepair ledgers,
    RunReader runs,
    TaskRepair tasks,
    RunWaker waker,
    IQueueSender queue,
    StuckRuns stuck,
    Gauges gauges,
    HeadgateOptions options,
    TimeProvider clock,
    ILogger<RunRepair> logger)
{
    public async Task RunAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        var inFlight = PlanTable.All.ToDictionary(plan => plan.Id, _ => 0, StringComparer.Ordinal);
        var live = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var tenantId in tenants.AllIdsAsync(cancellationToken))
        {
            try
            {
                var before = await tenants.ReadAsync(tenantId, cancellationToken);
                if (before is not null)
                    inFlight[before.Ledger.PlanId] = inFlight.GetValueOrDefault(before.Ledger.PlanId) + before.Ledger.InFlight;
                var count = await RepairAsync(client, tenantId, live, cancellationToken);
                if (before is not null)
                    await ledgers.ReconcileAsync(before, count, cancellationToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // One tenant that can't be repaired must not keep all others from it.
                logger.RepairFailed(failure, tenantId);
            }
        }

        stuck.KeepOnly(live);
        gauges.Set(Instruments.StuckOrchestrations, new Measurement<double>(stuck.Count));
        gauges.Set(Instruments.RunsInFlight, [.. inFlight.Select(plan => new Measurement<double>(plan.Value, new KeyValuePair<string, object?>("plan", plan.Key)))]);
    }

    /// <param name="live">Gets the tenant's live runs.</param>
    /// <returns>How many there are.</returns>
    private async Task<int> RepairAsync(DurableTaskClient client, string tenantId, HashSet<string> live, CancellationToken cancellationToken)
    {
        var count = 0;
        var query = TableQuery.Prefix(Table.Tenants, tenantId, RowKeys.LivePrefix);
        do
        {
            var page = await tables.QueryAsync(query, cancellationToken);
            foreach (var row in page.Rows)
            {
                count++;
                live.Add(LiveRow.RunIdOf(row));
                await TryRepairAsync(client, tenantId, row, cancellationToken);
            }

            query = query with { Continuation = page.Continuation };
        }
        while (query.Continuation is not null);
        return count;
    }

    // A run whose orchestration can't even be asked for is as stuck as one without.
    private async Task TryRepairAsync(DurableTaskClient client, string tenantId, TableRow live, CancellationToken cancellationToken)
    {
        try
        {
            await RepairAsync(client, tenantId, live, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            stuck.NeedsHelp(LiveRow.RunIdOf(live));
            throw;
        }
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
            stuck.NeedsHelp(runId);
            logger.StartResent(runId, sends);
        }
        else if (instance is null || instance.IsCompleted)
        {
            await waker.RestartAsync(client, tenantId, runId, cancellationToken);
            stuck.NeedsHelp(runId);
            logger.OrphanRestarted(runId);
        }
        else
        {
            stuck.Works(runId);
            await tasks.RunAsync(runId, cancellationToken);
            await waker.WakeAsync(client, [new(tenantId, runId)], cancellationToken);
        }
    }
}
