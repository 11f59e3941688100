using Headgate.Contracts.Agents;
using Headgate.Core.Agents;
using Headgate.Functions.Options;
using Headgate.Functions.Runs;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Tasks.Desk;
using Headgate.Ports;
using TaskStatus = Headgate.Core.Runs.TaskStatus;

namespace Headgate.Functions.Dispatch;

/// <summary>
/// A sign of life: renews the leases of what the agent lists, and compares that with what it should hold. A task it does not know of
/// in two successive heartbeats never reached it; after a restart, whatever it does not list is gone. While the process that has the agent
/// lives, another one's heartbeat changes nothing.
/// </summary>
public sealed class Heartbeats(
    ITableStore tables, AgentReader agents, RunReader runs, LostTasks lost, AgentDesk desk, HeadgateOptions options, TimeProvider clock)
{
    private const int MissesThatLose = 2;
    private static readonly SessionHold s_none = new();

    private readonly SessionRules _rules = new(options.Heartbeat.Interval, options.Leases.Duration);

    /// <param name="agentId">Whose.</param>
    /// <param name="heartbeat">As sent; its session is that of the process which sent it.</param>
    /// <param name="isFenced">Whether that process names itself in every call.</param>
    /// <returns>Null where there is no such agent.</returns>
    public async ValueTask<HeartbeatOutcome?> BeatAsync(string agentId, HeartbeatRequest heartbeat, bool isFenced, CancellationToken cancellationToken)
    {
        using var turn = await desk.TakeTurnAsync(agentId, cancellationToken);
        while (true)
        {
            if (await agents.ReadAsync(agentId, cancellationToken) is not { } agent)
                return null;
            var isOver = desk.IsSilent(agentId, agent.Load?.LastSeenAt, _rules.Lease);
            var decision = (agent.Load?.Hold ?? s_none).Beat(heartbeat.Session, isFenced, heartbeat.Ended == true, isOver, _rules, clock.GetUtcNow());
            if (decision is SessionDecision.InUse inUse)
            {
                if (await RefuseAsync(agent, inUse.Hold, cancellationToken))
                    return new HeartbeatOutcome.InUse(agent, inUse.IsNews);
                continue;
            }

            var holds = (SessionDecision.Holds)decision;
            var comparison = Comparison.Of(agent, heartbeat, isWhole: holds.IsNew || holds.Hold.HasEnded);
            if (!await StoreAsync(agent, heartbeat, holds.Hold, comparison, cancellationToken))
                continue;

            // What is stored is not said again: from here on the caller's leaving must not cut it short.
            desk.Seen(agentId, isFenced ? heartbeat.Session : null);
            var woken = await lost.SettleAsync(comparison.Gone, holds.IsNew ? "Another process of the agent has followed, and does not have it." : "The agent does not have it.", CancellationToken.None);
            await ConfirmAsync(agentId, comparison);
            var cancel = heartbeat.Running?.Select(task => task.TaskId).Where(agent.CancelRequested.Contains).ToList() ?? [];
            return new HeartbeatOutcome.Taken(agent, cancel, comparison.Unknown, woken, holds.WasSilent);
        }
    }

    // That it was refused stands in the row: the next one may reach another process, whose clock may differ.
    private async ValueTask<bool> RefuseAsync(AgentSnapshot agent, SessionHold hold, CancellationToken cancellationToken)
    {
        var row = AgentLoadRow.Write(agent.Agent.AgentId, agent.Load! with { Hold = hold });
        return (await tables.SubmitAsync(new TableChange(new TableBatch(Table.Agents, TableWrite.Replace(row))), cancellationToken)).Succeeded;
    }

    private async ValueTask<bool> StoreAsync(AgentSnapshot agent, HeartbeatRequest heartbeat, SessionHold hold, Comparison comparison, CancellationToken cancellationToken)
    {
        var (now, last) = (clock.GetUtcNow(), agent.Load);
        var since = now - (last?.ReportedAt ?? now);
        var load = new AgentLoadRecord(
            now,
            hold,
            Smoothing.Next(last?.CpuPercent, heartbeat.Load?.CpuPercent, since),
            Smoothing.Next(last?.MemoryPercent, heartbeat.Load?.MemoryPercent, since),
            heartbeat.Load?.FreeSlots,
            heartbeat.UptimeSeconds,
            last?.ETag)
        {
            ReportedAt = now,
        };
        var row = AgentLoadRow.Write(agent.Agent.AgentId, load);
        var change = new ChangeBuilder();
        change.Add(0, Table.Agents, agent.Load is null ? TableWrite.Insert(row) : TableWrite.Replace(row));
        foreach (var holding in comparison.Missed)
            change.Add(0, Table.Agents, TableWrite.Replace(HoldingRow.Write(holding with { Missed = holding.Missed + 1 })));
        foreach (var holding in comparison.NewlyRunning.Concat(comparison.Moved))
            change.Add(0, Table.Agents, TableWrite.Replace(HoldingRow.Write(holding with { Missed = 0, Confirmed = true })));
        // A task may end otherwise than by the wish to cancel it.
        foreach (var taskId in agent.CancelRequested.Except(agent.Held.Select(holding => holding.TaskId)))
            change.Add(0, Table.Agents, TableWrite.DeleteIfExists(agent.Agent.AgentId, RowKeys.Cancel(taskId)));
        if (agent.Agent.Version != heartbeat.Version || agent.Agent.Os != heartbeat.Os)
            change.Add(0, Table.Agents, TableWrite.Replace(AgentRow.Write(agent.Agent with { Version = heartbeat.Version, Os = heartbeat.Os })));
        return (await tables.SubmitAsync(change.Build(), cancellationToken)).Succeeded;
    }

    // The first heartbeat that lists a task shows that it runs. A task that moved meanwhile is left as it is.
    private async ValueTask ConfirmAsync(string agentId, Comparison comparison)
    {
        foreach (var holding in comparison.NewlyRunning)
        {
            var task = await runs.TaskAsync(holding.TaskId, CancellationToken.None);
            if (task is not { State.Status: TaskStatus.Assigned } || task.State.AgentId != agentId || task.State.Attempt != holding.Attempt)
                continue;
            var running = task with { State = task.State.To(TaskStatus.Running, clock.GetUtcNow()) };
            await tables.SubmitAsync(new TableChange(new TableBatch(Table.Tasks, TableWrite.Replace(TaskRow.Write(running)))), CancellationToken.None);
        }
    }

    /// <param name="NewlyRunning">Listed for the first time, or again.</param>
    /// <param name="Moved">Listed as before, with another progress.</param>
    private sealed record Comparison(List<Holding> NewlyRunning, List<Holding> Moved, List<Holding> Missed, List<Holding> Gone, List<string> Unknown)
    {
        /// <param name="agent">As its rows are.</param>
        /// <param name="heartbeat">What it says.</param>
        /// <param name="isWhole">What is not listed now never will be.</param>
        public static Comparison Of(AgentSnapshot agent, HeartbeatRequest heartbeat, bool isWhole)
        {
            var listed = (heartbeat.Running ?? []).ToDictionary(task => task.TaskId, StringComparer.Ordinal);
            var comparison = new Comparison([], [], [], [], []);
            foreach (var holding in agent.Held)
            {
                if (listed.TryGetValue(holding.TaskId, out var task) && task.Attempt == holding.Attempt)
                {
                    listed.Remove(holding.TaskId);
                    var progress = task.Progress ?? holding.Progress;
                    if (!holding.Confirmed || holding.Missed > 0)
                        comparison.NewlyRunning.Add(holding with { Progress = progress });
                    else if (progress != holding.Progress)
                        comparison.Moved.Add(holding with { Progress = progress });
                }
                else if (isWhole || holding.Missed + 1 >= MissesThatLose)
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
