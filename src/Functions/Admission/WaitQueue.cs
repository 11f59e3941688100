using Headgate.Functions.Stores.Tenants;

namespace Headgate.Functions.Admission;

/// <summary>Tells where runs stand that wait for a slot.</summary>
public sealed class WaitQueue(TenantReader tenants, TimeProvider clock)
{
    /// <summary>Null where the run does not wait.</summary>
    public async ValueTask<QueuePlace?> PlaceOfAsync(string tenantId, string runId, CancellationToken cancellationToken) =>
        await tenants.ReadWithWaitingAsync(tenantId, cancellationToken) is { } tenant
            ? QueuePlace.Of(runId, tenant.Ledger, tenant.Waiting, clock.GetUtcNow())
            : null;

    /// <summary>Of all runs of the tenant that wait, by id.</summary>
    public async ValueTask<IReadOnlyDictionary<string, QueuePlace>> PlacesAsync(string tenantId, CancellationToken cancellationToken) =>
        await tenants.ReadWithWaitingAsync(tenantId, cancellationToken) is { } tenant
            ? QueuePlace.All(tenant.Ledger, tenant.Waiting, clock.GetUtcNow())
            : new Dictionary<string, QueuePlace>();
}
