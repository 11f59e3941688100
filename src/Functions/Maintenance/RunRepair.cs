using System.Diagnostics.Metrics;
using System.Runtime.ExceptionServices;
using Headgate.Core.Plans;
using Headgate.Core.Runs;
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
/// Goes over live runs: sends a start message that never arrived, starts an orchestration that is gone, wakes one that could go on but
/// has not, mends its tasks; then compares each ledger with what it counts.
/// </summary>
public sealed class RunRepair(
    ITableStore tables,
    TenantReader tenants,
    LedgerRepair ledgers,
    RunReader runs,
    TaskRepair tasks,
    RunProgress progress,
    RunWaker waker,
    IQueueSender queue,
    RunWatch watch,
    StuckRuns stuck,
    Gauges gauges,
    TimeProvider clock,
    ILogger<RunRepair> logger)
{
    public async Task RunAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        var inFlight = PlanTable.All.ToDictionary(plan => plan.Id, _ => 0, StringComparer.Ordinal);
        var live = new HashSet<string>(StringComparer.Ordinal);
        var all = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var tenantId in tenants.AllIdsAsync(cancellationToken))
        {
            all.Add(tenantId);
            try
            {
                var before = await tenants.ReadAsync(tenantId, cancellationToken);
                if (before is not null)
                    inFlight[before.Ledger.PlanId] = inFlight.GetValueOrDefault(before.Ledger.PlanId) + before.Ledger.InFlight;
                if (before is not null && watch.IsQuiet(before))
                {
                    live.UnionWith(watch.RunsOf(tenantId));
                    continue;
                }

                watch.Begin(tenantId);
                var problem = await RepairAsync(client, tenantId, live, cancellationToken);
                var count = watch.End(tenantId, before);
                if (before is not null)
                    await ledgers.ReconcileAsync(before, count, cancellationToken);
                problem?.Throw();
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // One tenant that can't be repaired must not keep all others from it.
                logger.RepairFailed(failure, tenantId);
            }
        }

        watch.KeepOnly(all);
        stuck.KeepOnly(live);
        gauges.Set(Instruments.StuckOrchestrations, new Measurement<double>(stuck.Count));
        gauges.Set(Instruments.RunsInFlight, [.. inFlight.Select(plan => new Measurement<double>(plan.Value, new KeyValuePair<string, object?>("plan", plan.Key)))]);
    }

    /// <param name="live">Gets the tenant's live runs.</param>
    /// <returns>Why one could not be looked at; all others were.</returns>
    private async Task<ExceptionDispatchInfo?> RepairAsync(DurableTaskClient client, string tenantId, HashSet<string> live, CancellationToken cancellationToken)
    {
        ExceptionDispatchInfo? problem = null;
        var query = TableQuery.Prefix(Table.Tenants, tenantId, RowKeys.LivePrefix);
        do
        {
            var page = await tables.QueryAsync(query, cancellationToken);
            foreach (var row in page.Rows)
            {
                var runId = LiveRow.RunIdOf(row);
                live.Add(runId);
                if (watch.IsDue(tenantId, runId, LiveRow.SentAt(row)))
                    problem = await TryRepairAsync(client, tenantId, row, cancellationToken) ?? problem;
            }

            query = query with { Continuation = page.Continuation };
        }
        while (query.Continuation is not null);
        return problem;
    }

    // A run whose orchestration can't even be asked for is as stuck as one without; it must not keep the others from help.
    private async Task<ExceptionDispatchInfo?> TryRepairAsync(DurableTaskClient client, string tenantId, TableRow live, CancellationToken cancellationToken)
    {
        try
        {
            await RepairAsync(client, tenantId, live, cancellationToken);
            return null;
        }
        catch (Exception failure) when (failure is not OperationCanceledException and not StoreUnavailableException)
        {
            stuck.NeedsHelp(LiveRow.RunIdOf(live));
            return ExceptionDispatchInfo.Capture(failure);
        }
    }

    private async Task RepairAsync(DurableTaskClient client, string tenantId, TableRow live, CancellationToken cancellationToken)
    {
        var runId = LiveRow.RunIdOf(live);
        if (await runs.RunAsync(tenantId, runId, cancellationToken) is not { } run || run.Status.IsFinished())
            return;

        var instance = await client.GetInstanceAsync(runId, cancellationToken);
        if (instance is null && run.Status == RunStatus.Pending)
        {
            var sends = LiveRow.Sends(live) + 1;
            var row = LiveRow.Write(tenantId, runId, sends, clock.GetUtcNow()) with { ETag = live.ETag };
            if ((await tables.SubmitAsync(new TableChange(new TableBatch(Table.Tenants, TableWrite.Replace(row))), cancellationToken)).Succeeded)
                await queue.SendAsync(RunQueue.Start(tenantId, runId, sends, run.TraceParent), cancellationToken);
            watch.Sent(tenantId, runId);
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
            var (isOverdue, wakeAt) = await progress.LookAsync(run, cancellationToken);
            if (isOverdue)
                await waker.WakeAsync(client, [new(tenantId, runId)], cancellationToken);
            else
                watch.Well(tenantId, runId, wakeAt);
        }
    }
}
