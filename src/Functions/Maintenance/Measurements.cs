using System.Diagnostics.Metrics;
using Headgate.Core.Agents;
using Headgate.Functions.Admission;
using Headgate.Functions.Options;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Stores.Resources;
using Headgate.Functions.Tasks;
using Headgate.Functions.Tasks.Desk;
using Headgate.Functions.Telemetry;
using Headgate.Ports;
using Microsoft.Extensions.Logging;

namespace Headgate.Functions.Maintenance;

/// <summary>Measures queues, agents, held resources and objectives. What can't be measured falls silent, and does not keep the rest from being measured.</summary>
public sealed class Measurements(
    IQueueMetrics queues,
    IReadyTasks ready,
    AgentReader agents,
    AgentDesk desk,
    HeldResources resources,
    ObjectiveRound objectives,
    Gauges gauges,
    HeadgateOptions options,
    TimeProvider clock,
    ILogger<Measurements> logger)
{
    /// <summary>Agents with thousands of tasks take long to read, which may take a part in so many of the time.</summary>
    private const int ReadingShare = 10_000;

    /// <summary>But they are read this often at least: what was read stays fresh.</summary>
    private static readonly TimeSpan LongestPause = Gauges.Fresh / 2;

    private long _agentsFrom;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await TryAsync(MeasureQueuesAsync, "queues", cancellationToken);
        await TryAsync(MeasureResourcesAsync, "resources", cancellationToken);
        await TryAsync(objectives.RunWhenDueAsync, "objectives", cancellationToken);
        if (clock.GetTimestamp() < _agentsFrom)
            return;
        var start = clock.GetTimestamp();
        if (await TryAsync(MeasureAgentsAsync, "agents", cancellationToken))
            _agentsFrom = start + Math.Min(ReadingShare * (clock.GetTimestamp() - start), (long)LongestPause.TotalSeconds * clock.TimestampFrequency);
    }

    private async Task<bool> TryAsync(Func<CancellationToken, Task> measure, string what, CancellationToken cancellationToken)
    {
        try
        {
            await measure(cancellationToken);
            return true;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            logger.NotMeasured(failure, what);
            return false;
        }
    }

    private async Task MeasureQueuesAsync(CancellationToken cancellationToken)
    {
        var runs = await queues.GetAsync(RunQueue.Name, cancellationToken);
        var tasks = await ready.DepthAsync(cancellationToken);
        var waiting = tasks.OldestSince is { } since ? clock.GetUtcNow() - since : TimeSpan.Zero;
        gauges.Set(
            Instruments.QueueDepth,
            new(runs.Active, new("queue", "runs"), new("state", "active")),
            new(runs.Scheduled, new("queue", "runs"), new("state", "scheduled")),
            new(runs.DeadLettered, new("queue", "runs"), new("state", "dead-lettered")),
            new(tasks.Depth, new("queue", "tasks"), new("state", "active")));
        gauges.Set(
            Instruments.QueueOldestAge,
            new(Seconds(runs.OldestAge), new KeyValuePair<string, object?>("queue", "runs")),
            new(Seconds(waiting), new KeyValuePair<string, object?>("queue", "tasks")));
    }

    private async Task MeasureResourcesAsync(CancellationToken cancellationToken) =>
        gauges.Set(Instruments.ResourcesHeld, new Measurement<double>(await resources.CountAsync(cancellationToken)));

    private async Task MeasureAgentsAsync(CancellationToken cancellationToken)
    {
        var states = Enum.GetValues<AgentState>().ToDictionary(state => state, _ => 0);
        var (all, most, farthest) = (0, 0, TimeSpan.Zero);
        await foreach (var agentId in agents.AllIdsAsync(cancellationToken))
        {
            var now = clock.GetUtcNow();
            if (await agents.GlanceAsync(agentId, now, cancellationToken) is not { } agent)
                continue;
            var lastSeen = desk.LastSeen(agentId, agent.LastSeenAt);
            states[AgentHealth.StateOf(agent.Standing, AgentHealth.Of(lastSeen, options.Heartbeat.Interval, options.Leases.Duration, now))]++;
            all += agent.InBackoff;
            most = Math.Max(most, agent.InBackoff);
            if (agent.EarliestRetryAt - now is { } earliest && earliest > farthest)
                farthest = earliest;
        }

        gauges.Set(Instruments.Agents, [.. states.Select(state => new Measurement<double>(state.Value, new KeyValuePair<string, object?>("state", state.Key.WireName())))]);
        gauges.Set(Instruments.TasksInBackoff, new Measurement<double>(all));
        gauges.Set(Instruments.MostTasksInBackoff, new Measurement<double>(most));
        gauges.Set(Instruments.FarthestEarliestRetry, new Measurement<double>(Seconds(farthest)));
    }

    private static double Seconds(TimeSpan time) => Math.Max(time.TotalSeconds, 0);
}
