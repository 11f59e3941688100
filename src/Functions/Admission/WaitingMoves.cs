using Headgate.Core.Admission;
using Headgate.Core.Runs;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Stores.Tenants;
using Headgate.Ports;

namespace Headgate.Functions.Admission;

/// <summary>What is written when a waiting run starts or ends.</summary>
internal static class WaitingMoves
{
    /// <summary>Who cancels the runs of a deactivated tenant.</summary>
    private const string Service = "service";

    /// <param name="tenant">The run's tenant, which has a slot for it.</param>
    /// <param name="waiting">Whose turn it is.</param>
    /// <param name="run">Its row; null where there is none.</param>
    /// <param name="now">The time.</param>
    public static TenantEdit Start(TenantSnapshot tenant, WaitingRun waiting, RunRecord? run, DateTimeOffset now)
    {
        if (run is not { Status: RunStatus.Queued })
            return Forget(tenant, waiting);
        var after = AdmissionGate.StartWaiting(tenant.Ledger, waiting, now);
        return new TenantEdit<bool>(true, after)
        {
            Leaves = waiting,
            Writes =
            [
                TableWrite.DeleteIfExists(tenant.TenantId, RowKeys.Wait(waiting.Place)),
                TableWrite.Replace(run.TookSlot(now).WithSlot(after.Transition, after.LimitsAt(now).MaxConcurrentRuns).Row),
                TableWrite.Insert(LiveRow.Write(tenant.TenantId, waiting.RunId, sends: 1, now)),
            ],
            Messages = [RunQueue.Start(tenant.TenantId, waiting.RunId, sends: 1, run.TraceParent)],
        };
    }

    /// <summary>The tenant is deactivated: the run ends.</summary>
    public static TenantEdit Close(TenantSnapshot tenant, WaitingRun waiting, RunRecord? run, DateTimeOffset now) =>
        run is { Status: RunStatus.Queued } ? Cancel(tenant, waiting, run, Service, now) : Forget(tenant, waiting);

    public static TenantEdit<RunRecord?> Cancel(TenantSnapshot tenant, WaitingRun waiting, RunRecord run, string actor, DateTimeOffset now)
    {
        var cancelled = run.CancelRequested(actor, now).Finished(RunStatus.Cancelled, null, now);
        return new TenantEdit<RunRecord?>(cancelled, AdmissionGate.Leave(tenant.Ledger))
        {
            Leaves = waiting,
            Writes = [TableWrite.DeleteIfExists(tenant.TenantId, RowKeys.Wait(waiting.Place)), TableWrite.Replace(cancelled.Row)],
        };
    }

    // A place whose run is gone would keep all others from theirs.
    private static TenantEdit<bool> Forget(TenantSnapshot tenant, WaitingRun waiting) => new(true, AdmissionGate.Leave(tenant.Ledger))
    {
        Leaves = waiting,
        Writes = [TableWrite.DeleteIfExists(tenant.TenantId, RowKeys.Wait(waiting.Place))],
    };
}
