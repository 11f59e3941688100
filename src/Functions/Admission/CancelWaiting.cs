using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Stores.Tenants;

namespace Headgate.Functions.Admission;

/// <summary>Cancels a run that waits for a slot: it ends at once.</summary>
/// <param name="run">As it was read.</param>
/// <param name="actor">Who cancels it.</param>
public sealed class CancelWaiting(RunRecord run, string actor) : TenantOperation<RunRecord?>
{
    /// <returns>Null where it waits no more: read it again.</returns>
    public override TenantEdit<RunRecord?> Decide(TenantSnapshot tenant, DateTimeOffset now) =>
        tenant.Waiting.Find(waiting => waiting.RunId == run.RunId) is { } place
            ? WaitingMoves.Cancel(tenant, place, run, actor, now)
            : new TenantEdit<RunRecord?>(null);
}
