using System.Diagnostics.Metrics;
using System.Runtime.ExceptionServices;
using Headgate.Core.Admission;
using Headgate.Core.Plans;
using Headgate.Core.Tenants;
using Headgate.Functions.Admission;
using Headgate.Functions.Runs;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Telemetry;
using Headgate.Ports;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Headgate.Functions.Maintenance;

/// <summary>
/// A round over all tenants: starts what waits for a slot and could have one, looks at the live runs that may need it, and compares a ledger that
/// has changed with what it counts.
/// </summary>
public sealed class RunRepair(
    ITableStore tables,
    TenantReader tenants,
    TenantGate gate,
    LedgerRepair ledgers,
    RunCheck check,
    RunWatch watch,
    TenantWork work,
    PauseSweep pauses,
    Gauges gauges,
    TimeProvider clock,
    ILogger<RunRepair> logger)
{
    public async Task RunAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        var inFlight = PlanTable.All.ToDictionary(plan => plan.Id, _ => 0, StringComparer.Ordinal);
        var tenantIds = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var tenantId in tenants.AllIdsAsync(cancellationToken))
            tenantIds.Add(tenantId);
        watch.Begin(tenantIds);
        foreach (var tenantId in tenantIds)
        {
            try
            {
                var tenant = await tenants.ReadAsync(tenantId, cancellationToken);
                if (tenant is { Ledger: { Status: TenantStatus.Paused, Pause.Until: { } until } } && until <= clock.GetUtcNow())
                {
                    await pauses.EndAsync(tenantId, until, client, cancellationToken);
                    tenant = await tenants.ReadAsync(tenantId, cancellationToken);
                }

                if (tenant is not null)
                    inFlight[tenant.Ledger.PlanId] = inFlight.GetValueOrDefault(tenant.Ledger.PlanId) + tenant.Ledger.InFlight;
                if (tenant is { Ledger: { InFlight: > 0, Status: TenantStatus.Deactivated } })
                    await work.CancelAsync(tenantId, "service", client, cancellationToken);
                else if (tenant is { Ledger: { InFlight: > 0, Status: TenantStatus.Suspended } })
                    await work.StopAsync(tenantId, cancellationToken);
                // By time alone: a pause or a month has ended. Or by what a process left undone when it died.
                if (tenant is not null && AdmissionGate.StepForWaiting(tenant.Ledger, clock.GetUtcNow()) != WaitingStep.Nothing)
                    await gate.StartWaitingAsync(tenantId);
                if (tenant is not null && watch.IsUnchanged(tenant))
                    await LookAgainAsync(client, tenantId, cancellationToken);
                else
                    await LookAtAllAsync(client, tenantId, tenant, cancellationToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // One tenant that can't be repaired must not keep all others from it.
                logger.RepairFailed(failure, tenantId);
            }
        }

        gauges.Set(Instruments.StuckOrchestrations, new Measurement<double>(watch.Stuck));
        gauges.Set(Instruments.RunsInFlight, [.. inFlight.Select(plan => new Measurement<double>(plan.Value, new KeyValuePair<string, object?>("plan", plan.Key)))]);
    }

    private async Task LookAgainAsync(DurableTaskClient client, string tenantId, CancellationToken cancellationToken)
    {
        var problems = new RunFailures();
        foreach (var runId in watch.DueRuns(tenantId))
        {
            if (await tables.GetAsync(Table.Tenants, tenantId, RowKeys.Live(runId), cancellationToken) is { } row)
                problems.Note(await TryCheckAsync(client, tenantId, row, cancellationToken));
            else
                watch.Gone(tenantId, runId);
        }

        problems.Last?.Throw();
    }

    private async Task LookAtAllAsync(DurableTaskClient client, string tenantId, TenantSnapshot? before, CancellationToken cancellationToken)
    {
        watch.BeginWhole(tenantId);
        var problems = new RunFailures();
        var query = TableQuery.Prefix(Table.Tenants, tenantId, RowKeys.LivePrefix);
        do
        {
            var page = await tables.QueryAsync(query, cancellationToken);
            foreach (var row in page.Rows)
            {
                if (watch.IsDue(tenantId, LiveRow.RunIdOf(row), LiveRow.SentAt(row), LiveRow.Helps(row)))
                    problems.Note(await TryCheckAsync(client, tenantId, row, cancellationToken));
            }

            query = query with { Continuation = page.Continuation };
        }
        while (query.Continuation is not null);

        var waiting = before is null ? 0 : (await tenants.WaitingAsync(tenantId, cancellationToken)).Count;
        var count = watch.EndWhole(tenantId, before?.Ledger.WaitingRuns == waiting ? before : null);
        if (before is not null)
            await ledgers.ReconcileAsync(before, count, waiting, cancellationToken);
        problems.Last?.Throw();
    }

    // A run whose orchestration can't even be asked for is as stuck as one without; it must not keep the others from help.
    private async Task<ExceptionDispatchInfo?> TryCheckAsync(DurableTaskClient client, string tenantId, TableRow live, CancellationToken cancellationToken)
    {
        try
        {
            await check.RunAsync(client, tenantId, live, cancellationToken);
            return null;
        }
        catch (Exception failure) when (failure is not OperationCanceledException and not StoreUnavailableException)
        {
            await check.NoteHelpAsync(tenantId, live, cancellationToken);
            return ExceptionDispatchInfo.Capture(failure);
        }
    }

    /// <summary>What went wrong with runs of one tenant.</summary>
    private sealed class RunFailures
    {
        /// <summary>So many runs in a row that can't be looked at say that none can: a round must not take hours to find that out.</summary>
        private const int MaxInARow = 10;

        private int _inARow;

        public ExceptionDispatchInfo? Last { get; private set; }

        public void Note(ExceptionDispatchInfo? problem)
        {
            Last = problem ?? Last;
            _inARow = problem is null ? 0 : _inARow + 1;
            if (_inARow == MaxInARow)
                problem!.Throw();
        }
    }
}
