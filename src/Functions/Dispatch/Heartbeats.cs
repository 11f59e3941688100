using Headgate.Contracts.Agents;
using Headgate.Functions.Orchestrations;
using Headgate.Functions.Ports;
using Headgate.Functions.Runs;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Stores.Runs;
using TaskStatus = Headgate.Core.Runs.TaskStatus;

namespace Headgate.Functions.Dispatch;

/// <param name="Agent">As it was before the heartbeat.</param>
/// <param name="Cancel">Tasks to stop and report as cancelled.</param>
/// <param name="Lost">Tasks it runs that are not its any more.</param>
/// <param name="Woken">Runs whose tasks moved.</param>
public sealed record HeartbeatOutcome(AgentSnapshot Agent, IReadOnlyList<string> Cancel, IReadOnlyList<string> Lost, IReadOnlyList<RunReference> Woken);

/// <summary>
/// A sign of life: renews the leases of what the agent lists, and compares that with what it should hold. A task it does not know of
/// in two successive heartbeats never reached it; after a restart, whatever it does not list is gone.
/// </summary>
public sealed class Heartbeats(ITableStore tables, AgentReader agents, RunReader runs, LostTasks lost, AgentTurns turns, AgentPresence presence, TimeProvider clock)
{
    private const int MissesThatLose = 2;

    /// <returns>Null where there is no such agent.</returns>
    public async ValueTask<HeartbeatOutcome?> BeatAsync(string agentId, HeartbeatRequest heartbeat, CancellationToken cancellationToken)
    {
        presence.Seen(agentId);
        using var turn = await turns.TakeAsync(agentId, cancellationToken);
        while (true)
        {
            if (await agents.ReadAsync(agentId, cancellationToken) is not { } agent)
                return null;
            var comparison = Comparison.Of(agent, heartbeat);
            if (!await StoreAsync(agent, heartbeat, comparison, cancellationToken))
                continue;

            var woken = await lost.SettleAsync(comparison.Gone, "The agent does not have it.", cancellationToken);
            await ConfirmAsync(agentId, comparison, cancellationToken);
            var cancel = heartbeat.Running?.Select(task => task.TaskId).Where(agent.CancelRequested.Contains).ToList() ?? [];
            return new HeartbeatOutcome(agent, cancel, comparison.Unknown, woken);
        }
    }

    private async ValueTask<bool> StoreAsync(AgentSnapshot agent, HeartbeatRequest heartbeat, Comparison comparison, CancellationToken cancellationToken)
    {
        var load = new AgentLoadRecord(
            clock.GetUtcNow(),
            heartbeat.Session ?? agent.Load?.Session,
            heartbeat.Load?.CpuPercent,
            heartbeat.Load?.MemoryPercent,
            heartbeat.Load?.FreeSlots,
            heartbeat.UptimeSeconds,
            agent.Load?.ETag);
        var row = AgentLoadRow.Write(agent.Agent.AgentId, load);
        var change = new ChangeBuilder();
        change.Add(0, Table.Agents, agent.Load is null ? TableWrite.Insert(row) : TableWrite.Replace(row));
        foreach (var holding in comparison.Missed)
            change.Add(0, Table.Agents, TableWrite.Replace(HoldingRow.Write(holding with { Missed = holding.Missed + 1 })));
        foreach (var holding in comparison.NewlyRunning)
            change.Add(0, Table.Agents, TableWrite.Replace(HoldingRow.Write(holding with { Missed = 0, Confirmed = true })));
        // A task may end otherwise than by the wish to cancel it.
        foreach (var taskId in agent.CancelRequested.Except(agent.Held.Select(holding => holding.TaskId)))
            change.Add(0, Table.Agents, TableWrite.DeleteIfExists(agent.Agent.AgentId, RowKeys.Cancel(taskId)));
        if (agent.Agent.Version != heartbeat.Version || agent.Agent.Os != heartbeat.Os)
            change.Add(0, Table.Agents, TableWrite.Replace(AgentRow.Write(agent.Agent with { Version = heartbeat.Version, Os = heartbeat.Os })));
        return (await tables.SubmitAsync(change.Build(), cancellationToken)).Succeeded;
    }

    // The first heartbeat that lists a task shows that it runs. A task that moved meanwhile is left as it is.
    private async ValueTask ConfirmAsync(string agentId, Comparison comparison, CancellationToken cancellationToken)
    {
        foreach (var holding in comparison.NewlyRunning)
        {
            var task = await runs.TaskAsync(holding.TaskId, cancellationToken);
            if (task is not { State.Status: TaskStatus.Assigned } || task.State.AgentId != agentId || task.State.Attempt != holding.Attempt)
                continue;
            var running = task with { State = task.State.To(TaskStatus.Running, clock.GetUtcNow()) };
            await tables.SubmitAsync(new TableChange(new TableBatch(Table.Tasks, TableWrite.Replace(TaskRow.Write(running)))), cancellationToken);
        }
    }

    private sealed record Comparison(List<Holding> NewlyRunning, List<Holding> Missed, List<Holding> Gone, List<string> Unknown)
    {
        public static Comparison Of(AgentSnapshot agent, HeartbeatRequest heartbeat)
        {
            var listed = (heartbeat.Running ?? []).ToDictionary(task => task.TaskId, task => task.Attempt, StringComparer.Ordinal);
            var isNewSession = heartbeat.Session is not null && agent.Load?.Session is { } known && known != heartbeat.Session;
            var comparison = new Comparison([], [], [], []);
            foreach (var holding in agent.Held)
            {
                if (listed.TryGetValue(holding.TaskId, out var attempt) && attempt == holding.Attempt)
                {
                    listed.Remove(holding.TaskId);
                    if (!holding.Confirmed || holding.Missed > 0)
                        comparison.NewlyRunning.Add(holding);
                }
                else if (isNewSession || holding.Missed + 1 >= MissesThatLose)
                {
                    comparison.Gone.Add(holding);
                }
                else
                {
                    comparison.Missed.Add(holding);
                }
            }

            comparison.Unknown.AddRange(listed.Keys);
            return comparison;
        }
    }
}
