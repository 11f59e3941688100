using Headgate.Core.Runs;
using Headgate.Functions.Admission;
using Headgate.Functions.Stores.Runs;
using Headgate.Ports;
using Microsoft.DurableTask.Client;

namespace Headgate.Functions.Runs;

/// <summary>What became of the wish to cancel a run; a closed set.</summary>
public abstract record CancelResult
{
    private CancelResult()
    {
    }

    /// <summary>The wish is stored, now or before; or the run has ended cancelled.</summary>
    public sealed record Wanted(RunRecord Run) : CancelResult;

    /// <summary>It has ended otherwise.</summary>
    public sealed record Finished(RunRecord Run) : CancelResult;

    public sealed record Missing : CancelResult;

    /// <summary>Others kept changing it.</summary>
    public sealed record Busy : CancelResult;
}

/// <summary>Stores the wish to cancel a run, then wakes it. A queued run ends at once. Asking again changes nothing.</summary>
public sealed class RunCancellation(ITableStore tables, RunReader runs, TenantGate gate, RunWaker waker, TimeProvider clock)
{
    private const int RaceTries = 16;

    /// <param name="actor">Who wants it.</param>
    public async Task<CancelResult> CancelAsync(string tenantId, string runId, string actor, DurableTaskClient client, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < RaceTries; tries++)
        {
            if (await runs.RunAsync(tenantId, runId, cancellationToken) is not { } run)
                return new CancelResult.Missing();
            if (run.Status == RunStatus.Cancelled)
                return new CancelResult.Wanted(run);
            if (run.Status.IsFinished())
                return new CancelResult.Finished(run);
            if (run.Status == RunStatus.Queued)
            {
                // It gives up its place under the ledger. One that has just got a slot is cancelled like any other.
                var left = await gate.SubmitAsync(tenantId, new CancelWaiting(run, actor));
                if (left is { Status: GateStatus.Done, Value: { } cancelled })
                    return new CancelResult.Wanted(cancelled);
                if (left.Status == GateStatus.Busy)
                    return new CancelResult.Busy();
                continue;
            }

            if (run.CancelRequestedAt is null)
            {
                run = run.CancelRequested(actor, clock.GetUtcNow());
                var outcome = await tables.SubmitAsync(new TableChange(new TableBatch(Table.Tenants, TableWrite.Replace(run.Row))), cancellationToken);
                if (!outcome.Succeeded)
                    continue;
            }

            await waker.WakeAsync(client, [new(tenantId, runId)], CancellationToken.None);
            return new CancelResult.Wanted(run);
        }

        return new CancelResult.Busy();
    }
}
