using Headgate.Core.Admission;
using Headgate.Core.Metering;
using Headgate.Core.Runs;
using Headgate.Functions.Admission;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Stores.Tenants;
using Headgate.Ports;

namespace Headgate.Functions.Runs;

/// <summary>
/// Ends a run: its status, the ledger's release and the end of its live row in one transaction, so that a slot comes back
/// exactly once. The tasks' last moves stand before. Tells the tenant's plan.
/// </summary>
/// <param name="tasks">Batches of the tasks that moved with the ending.</param>
/// <param name="cause">The first task that kept the run from completing.</param>
/// <param name="usage">What the run adds to its tenant's; see <see cref="RunEnding"/>.</param>
public sealed class FinishRun(RunRecord run, RunStatus status, TaskRecord? cause, UsageCounts usage, IReadOnlyList<TableBatch> tasks) : TenantOperation<string>
{
    public override TenantEdit<string> Decide(TenantSnapshot tenant, DateTimeOffset now)
    {
        var after = AdmissionGate.Release(tenant.Ledger.EndedPause(now), run.SlotSince, usage, now);
        var finished = run.Finished(status, cause, now).WithoutSlot(after.Transition);
        return new TenantEdit<string>(tenant.Ledger.PlanId, after)
        {
            Preceding = tasks,
            Writes =
            [
                TableWrite.Replace(finished.Row),
                TableWrite.DeleteIfExists(run.TenantId, RowKeys.Live(run.RunId)),
            ],
        };
    }
}
