using Headgate.Core.Runs;
using Headgate.Functions.Options;
using Headgate.Functions.Runs;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Tasks;
using Headgate.Functions.Telemetry;
using Headgate.Ports;
using Microsoft.Extensions.Logging;
using TaskStatus = Headgate.Core.Runs.TaskStatus;

namespace Headgate.Functions.Maintenance;

/// <summary>
/// Mends what a change cut short leaves on a backend that writes batch by batch: the task row is the authority, what mirrors it is
/// brought in line.
/// </summary>
public sealed class TaskRepair(ITableStore tables, RunReader runs, AttemptSettler settler, IReadyTasks ready, Arrangement arrangement, HeadgateOptions options, TimeProvider clock, ILogger<TaskRepair> logger)
{
    /// <returns>Whether an attempt was settled, so that the run may go on.</returns>
    public async ValueTask<bool> RunAsync(string runId, CancellationToken cancellationToken)
    {
        var isMended = false;
        foreach (var task in await runs.TasksAsync(runId, cancellationToken))
        {
            if (task.State.Status == TaskStatus.Ready && IsOld(task.ReadySince))
                await RefillPoolAsync(task, cancellationToken);
            else if (task.State.Status.IsHeld() && IsOld(task.State.AssignedAt))
                isMended |= await DemandReservationAsync(task, cancellationToken);
        }

        return isMended;
    }

    // A time from the future says nothing: the clock was set back.
    private bool IsOld(DateTimeOffset? since) =>
        clock.GetUtcNow() - since is { } age && (age >= options.Repair.Patience || age < -RunAdvance.ClockDifference);

    // A task may be ready without standing in its pool; or in the pool alone, where the answer to the change that put it there was lost.
    private async ValueTask RefillPoolAsync(TaskRecord task, CancellationToken cancellationToken)
    {
        var offer = task.ToOffer();
        var inPool = await tables.GetAsync(Table.Ready, RowKeys.Pool(task.TenantId), ReadyRow.Key(offer), cancellationToken) is not null;
        if (inPool && !arrangement.IsAlone)
            return;
        if (!inPool && arrangement.IsAlone)
            await tables.SubmitAsync(new TableChange(new TableBatch(Table.Ready, TableWrite.Upsert(ReadyRow.Write(offer)))), cancellationToken);
        await ready.AddAsync([offer]);

        // Whoever took the task further since it was read may have been here before.
        if (await runs.TaskAsync(task.TaskId, cancellationToken) is { State.Status: TaskStatus.Ready })
            return;
        ready.Remove(task.TaskId);
        await tables.SubmitAsync(new TableChange(new TableBatch(Table.Ready, TableWrite.DeleteIfExists(RowKeys.Pool(task.TenantId), ReadyRow.Key(offer)))), cancellationToken);
    }

    // Without a reservation no lease counts for the task; its agent may even be gone.
    private async ValueTask<bool> DemandReservationAsync(TaskRecord task, CancellationToken cancellationToken)
    {
        var agentId = task.State.AgentId!;
        if (await tables.GetAsync(Table.Agents, agentId, RowKeys.Holding(task.TaskId), cancellationToken) is { } row
            && HoldingRow.Read(row) is { IsHeld: true } holding && holding.Attempt == task.State.Attempt)
        {
            return false;
        }

        var lost = AttemptReport.Lost(agentId, task.TaskId, task.State.Attempt, "The agent's reservation is gone.");
        await settler.SettleAsync([lost], cancellationToken);
        logger.UnreservedTaskLost(task.TaskId, agentId);
        return true;
    }
}
