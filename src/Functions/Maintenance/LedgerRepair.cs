using Headgate.Core.Admission;
using Headgate.Functions.Admission;
using Headgate.Functions.Options;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Telemetry;
using Headgate.Ports;
using Microsoft.Extensions.Logging;

namespace Headgate.Functions.Maintenance;

/// <summary>
/// Corrects a ledger's counts, but only a difference that two rounds have met, the patience apart, and only under the ETag read before counting:
/// whatever was admitted or finished meanwhile makes this round void. The first sighting is a row: another process may make the second round,
/// within a second where it takes over.
/// </summary>
public sealed class LedgerRepair(
    ITableStore tables, TenantReader tenants, TenantGate gate, HeadgateOptions options, TimeProvider clock, Metrics metrics, ILogger<LedgerRepair> logger)
{
    /// <param name="before">The tenant as it was before its runs were counted.</param>
    /// <param name="live">How many are in flight.</param>
    /// <param name="waiting">How many wait for a slot.</param>
    /// <param name="cancellationToken">Ends it between two steps.</param>
    public async Task ReconcileAsync(TenantSnapshot before, int live, int waiting, CancellationToken cancellationToken)
    {
        var drift = (Slots: before.Ledger.InFlight - live, Waiting: before.Ledger.WaitingRuns - waiting);
        if (drift == (0, 0))
        {
            await ForgetAsync(before, cancellationToken);
            return;
        }

        var now = await tenants.ReadAsync(before.TenantId, cancellationToken);
        if (now?.LedgerETag != before.LedgerETag)
            return;
        if (now.Drift is not { } seen || (seen.Slots, seen.Waiting) != drift || seen.At > clock.GetUtcNow())
            await NoteAsync(before.TenantId, drift, cancellationToken);
        else if (clock.GetUtcNow() - seen.At >= options.Repair.Patience)
            await CorrectAsync(before, seen, live);
    }

    private async Task CorrectAsync(TenantSnapshot before, DriftSighting seen, int live)
    {
        var result = await gate.ChangeAsync(before.TenantId, (tenant, _) => tenant.LedgerETag == before.LedgerETag
            ? new TenantEdit<bool>(true, Corrected(tenant.Ledger, before.Ledger, seen)) { Writes = [Forgotten(before.TenantId, seen)] }
            : new TenantEdit<bool>(false));
        if (result is { Status: GateStatus.Done, Value: true })
        {
            metrics.LedgerCorrected(Math.Abs(seen.Slots) + Math.Abs(seen.Waiting));
            logger.LedgerCorrected(before.TenantId, before.Ledger.InFlight, live);
        }
    }

    // By the difference: what is decided before it in the same write has the same ETag, and its own changes stay. Starts of runs that are not there
    // would spoil each forecast.
    private static Ledger Corrected(Ledger ledger, Ledger before, DriftSighting seen) => ledger with
    {
        InFlight = Math.Max(ledger.InFlight - seen.Slots, 0),
        // Where the ledger counts any, the gate has counted their rows itself.
        WaitingRuns = before.WaitingRuns == 0 ? ledger.WaitingRuns - seen.Waiting : ledger.WaitingRuns,
        Starts = seen.Slots == 0 ? ledger.Starts : null,
        Transition = ledger.Transition + 1,
    };

    private async Task NoteAsync(string tenantId, (int Slots, int Waiting) drift, CancellationToken cancellationToken) =>
        await tables.SubmitAsync(
            new TableChange(new TableBatch(Table.Tenants, TableWrite.Upsert(DriftRow.Write(tenantId, new(drift.Slots, drift.Waiting, clock.GetUtcNow(), null))))), cancellationToken);

    private async Task ForgetAsync(TenantSnapshot tenant, CancellationToken cancellationToken)
    {
        if (tenant.Drift is { } seen)
            await tables.SubmitAsync(new TableChange(new TableBatch(Table.Tenants, Forgotten(tenant.TenantId, seen))), cancellationToken);
    }

    // Whatever another process has noted since is its own first look.
    private static TableWrite Forgotten(string tenantId, DriftSighting seen) => TableWrite.Delete(DriftRow.Write(tenantId, seen));
}
