using System.Collections.Concurrent;
using Headgate.Functions.Admission;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Telemetry;
using Microsoft.Extensions.Logging;

namespace Headgate.Functions.Maintenance;

/// <summary>
/// Corrects a ledger's count, but only a difference that was there twice, and only under the ETag read before counting: whatever
/// was admitted or finished meanwhile makes this round void.
/// </summary>
public sealed class LedgerRepair(TenantReader tenants, TenantGate gate, Metrics metrics, ILogger<LedgerRepair> logger)
{
    private readonly ConcurrentDictionary<string, int> _driftSeen = new(StringComparer.Ordinal);

    /// <param name="before">The tenant as it was before its live runs were counted.</param>
    /// <param name="live">How many there are.</param>
    public async Task ReconcileAsync(TenantSnapshot before, int live, CancellationToken cancellationToken)
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
            metrics.LedgerCorrected(Math.Abs(drift));
            logger.LedgerCorrected(before.TenantId, before.Ledger.InFlight, live);
        }
    }
}
