namespace Headgate.Functions.Telemetry;

/// <summary>Names of the gauges, in the meter <see cref="Metrics.MeterName"/>. Alert rules and the workbook use them.</summary>
public static class Instruments
{
    public const string QueueDepth = "headgate.queue.depth";
    public const string QueueOldestAge = "headgate.queue.oldest_age";
    public const string RunsInFlight = "headgate.runs.in_flight";
    public const string TasksInBackoff = "headgate.tasks.backoff";
    public const string Agents = "headgate.agents";
    public const string MostTasksInBackoff = "headgate.agent.backoff_tasks.max";
    public const string FarthestEarliestRetry = "headgate.agent.earliest_retry.max";
    public const string ResourcesHeld = "headgate.resources.held";
    public const string StuckOrchestrations = "headgate.orchestrations.stuck";
}
