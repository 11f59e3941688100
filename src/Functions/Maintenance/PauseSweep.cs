using Headgate.Core.Identity;
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
/// so a sweep is one read. Admissions go by the time itself, and don't wait for a sweep.
/// </summary>
public sealed class PauseSweep(ITableStore tables, TenantGate gate, TenantWork work, TimeProvider clock, ILogger<PauseSweep> logger)
{
    private const int MaxRows = 1000;
    private const string Actor = "service";

    public async Task RunAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        var page = await tables.QueryAsync(new TableQuery(Table.Tenants, RowKeys.PauseEnds, Take: MaxRows), cancellationToken);
        foreach (var row in page.Rows)
        {
            if (PauseEndRow.Until(row) <= clock.GetUtcNow())
                await TryEndAsync(row, client, cancellationToken);
        }
    }

    // One tenant that can't be resumed must not keep the others from it.
    private async Task TryEndAsync(TableRow row, DurableTaskClient client, CancellationToken cancellationToken)
    {
        try
        {
            await EndAsync(row, client, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException and not StoreUnavailableException)
        {
            logger.RepairFailed(failure, row.RowKey);
        }
    }

    private async Task EndAsync(TableRow row, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var (tenantId, until) = (row.RowKey, PauseEndRow.Until(row));
        var audit = new AuditEntry(tenantId, until, Actor, AuditAction.TenantResumed, null, "the pause's end", Actor);
        var result = await gate.ChangeAsync(tenantId, (tenant, now) =>
        {
            var ledger = tenant.Ledger.EndedPause(now);
            // Whoever resumes it before takes the row away. An admission may have ended it first; it leaves the row.
            var isOver = ledger.Status == TenantStatus.Active;
            return new TenantEdit<bool>(isOver, ledger)
            {
                // The audit's row has the same key whoever writes it, so that what is cut short can be repeated.
                Following = isOver ? [audit.ToBatch(RunId.Create(until, 0)), PauseEndRow.Gone(row)] : [PauseEndRow.Gone(row)],
            };
        });
        if (result.Status == GateStatus.NoTenant)
        {
            await tables.SubmitAsync(new TableChange(PauseEndRow.Gone(row)), cancellationToken);
        }
        else if (result is { Status: GateStatus.Done, Value: true })
        {
            logger.TenantMoved(tenantId, AuditAction.TenantResumed.WireName(), Actor);
            await work.ReleaseAsync(tenantId, client, cancellationToken);
        }
    }
}
