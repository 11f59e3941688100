using Headgate.Core.Runs;
using Headgate.Functions.Options;
using Headgate.Functions.Runs;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Tasks;
using Headgate.Functions.Tasks.Desk;
using Headgate.Functions.Telemetry;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Headgate.Functions.Maintenance;

/// <summary>
/// Wakes the runs whose tasks have been with an agent for longer than their timeout and a lease; they settle those. What another process
/// handed out, and what can't be read now, <see cref="RunCheck"/> finds later.
/// </summary>
public sealed class TimeoutSweep(
    AgentReader agents, RunReader runs, AgentDesk desk, TaskTimes times, RunWaker waker, Arrangement arrangement, HeadgateOptions options, TimeProvider clock, ILogger<TimeoutSweep> logger)
{
    /// <summary>What is left then waits for the next sweep: leases are judged by the same timer.</summary>
    private static readonly TimeSpan LongestSweep = TimeSpan.FromSeconds(1);

    private bool _knowsEarlier;

    public async Task RunAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (!_knowsEarlier && arrangement.IsAlone)
        {
            await foreach (var agentId in agents.AllIdsAsync(cancellationToken))
                desk.LookAfter(agentId, TimeSpan.Zero);
        }

        _knowsEarlier = true;
        var started = clock.GetTimestamp();
        foreach (var agentId in desk.TakeDue())
        {
            try
            {
                if (clock.GetElapsedTime(started) < LongestSweep)
                    await LookAsync(client, agentId, cancellationToken);
                else
                    desk.LookAfter(agentId, TimeSpan.Zero);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                desk.Rounds.Watch(agentId);
                logger.TimeoutsUnseen(failure, agentId);
            }
        }
    }

    private async Task LookAsync(DurableTaskClient client, string agentId, CancellationToken cancellationToken)
    {
        if (await agents.ReadAsync(agentId, cancellationToken) is not { } agent)
            return;
        var overdue = new List<RunReference>();
        try
        {
            foreach (var holding in agent.Held)
            {
                if (await runs.TaskAsync(holding.TaskId, cancellationToken) is not { } task || task.State.AgentId != agentId || !task.State.Status.IsHeld())
                    continue;
                var now = clock.GetUtcNow();
                var state = times.OnTheWall(task, now);
                // One that was handed out before the clock was set back begins anew when its run looks at it.
                var beginsAnew = RunAdvance.IsFromTheFuture(state.AssignedAt, now);
                var left = state.Deadline(options.Leases.Duration) - (beginsAnew ? state.AssignedAt : now);
                if (left > TimeSpan.Zero)
                    desk.LookAfter(agentId, left.Value);
                if (beginsAnew || !(left > TimeSpan.Zero))
                    overdue.Add(new(task.TenantId, task.RunId));
            }
        }
        finally
        {
            await waker.WakeAsync(client, overdue, cancellationToken);
        }
    }
}
