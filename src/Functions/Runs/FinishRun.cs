using Headgate.Core.Admission;
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
public sealed class FinishRun(RunRecord run, RunStatus status, TaskRecord? cause, IReadOnlyList<TableBatch> tasks) : TenantOperation<string>
{
    public override TenantEdit<string> Decide(TenantSnapshot tenant, DateTimeOffset now)
    {
        var finished = run.Finished(status, cause, now);
        return new TenantEdit<string>(tenant.Ledger.PlanId, AdmissionGate.Release(tenant.Ledger.EndedPause(now), run.SlotSince, now))
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
