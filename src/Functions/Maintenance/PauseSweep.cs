using Headgate.Core.Admission;
using Headgate.Core.Tenants;
using Headgate.Functions.Admission;
using Headgate.Functions.Runs;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Telemetry;
using Headgate.Ports;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Headgate.Functions.Maintenance;

/// <summary>
/// Ends pauses whose time has come: in the ledger, in the audit, and for the runs that waited. Each is one row of the list of pauses with an end,
/// so a sweep reads those alone. Admissions go by the time itself, and don't wait for a sweep.
/// </summary>
public sealed class PauseSweep(ITableStore tables, TenantGate gate, TenantWork work, TimeProvider clock, ILogger<PauseSweep> logger)
{
    private const int MaxRows = 1000;
    private const string Actor = "service";

    public async Task RunAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        var query = new TableQuery(Table.Tenants, RowKeys.PauseEnds, Take: MaxRows);
        do
        {
            var page = await tables.QueryAsync(query, cancellationToken);
            foreach (var row in page.Rows)
            {
                if (PauseEndRow.Until(row) <= clock.GetUtcNow())
                    await TryEndAsync(row, client, cancellationToken);
            }

            query = query with { Continuation = page.Continuation };
        }
        while (query.Continuation is not null);
    }

    /// <summary>Ends a pause whose time has come by the ledger, whether or not the list has it: a pause that began while another one ended may be lost to it.</summary>
    public Task EndAsync(string tenantId, DateTimeOffset until, DurableTaskClient client, CancellationToken cancellationToken) =>
        EndAsync(tenantId, until, null, client, cancellationToken);

    // One tenant that can't be resumed must not keep the others from it.
    private async Task TryEndAsync(TableRow row, DurableTaskClient client, CancellationToken cancellationToken)
    {
        try
        {
            await EndAsync(row.RowKey, PauseEndRow.Until(row), row, client, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException and not StoreUnavailableException)
        {
            logger.RepairFailed(failure, row.RowKey);
        }
    }

    /// <param name="row">As it stands in the list; null where it may not.</param>
    private async Task EndAsync(string tenantId, DateTimeOffset until, TableRow? row, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var audit = new AuditEntry(tenantId, until, Actor, AuditAction.TenantResumed, null, "the pause's end", Actor);
        var result = await gate.ChangeAsync(tenantId, (tenant, now) =>
        {
            var ledger = tenant.Ledger.EndedPause(now);
            // Whoever resumes it before takes the row away. An admission may have ended it first; it leaves the row.
            var isOver = ledger.Status == TenantStatus.Active;
            // The audit's row has the same key whoever writes it, so that what is cut short can be repeated.
            return new TenantEdit<Ledger>(ledger, ledger) { Following = isOver ? [audit.ToBatch(AuditEntry.RepeatableId(until))] : [] };
        });
        // By itself: a row that somebody else has taken away meanwhile would undo all that is written with it.
        if (row is not null && result.Status is GateStatus.Done or GateStatus.NoTenant)
            await tables.SubmitAsync(new TableChange(result.Value is { } ledger ? After(row, ledger) : PauseEndRow.Gone(row)), cancellationToken);
        if (result is { Status: GateStatus.Done, Value.Status: TenantStatus.Active })
        {
            logger.TenantMoved(tenantId, AuditAction.TenantResumed.WireName(), Actor);
            await work.ReleaseAsync(tenantId, client, cancellationToken);
        }
    }

    // A tenant that is paused until later stays in the list.
    private static TableBatch After(TableRow row, Ledger ledger) =>
        ledger is { Status: TenantStatus.Paused, Pause.Until: { } later } ? PauseEndRow.Written(row.RowKey, later) : PauseEndRow.Gone(row);
}
