namespace Headgate.Functions.Telemetry;

/// <summary>Names of the instruments of the meter <see cref="Metrics.MeterName"/>. Alert rules, dashboards and docs/telemetry.md use them.</summary>
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

    /// <summary>How fast the budget of an objective burns, over a window.</summary>
    public const string BurnRate = "headgate.slo.burn_rate";

    /// <summary>How many objectives burn too fast, by limit.</summary>
    public const string Burning = "headgate.slo.burning";

    public const string BudgetLeft = "headgate.slo.budget_left";

    public const string RunStartDelay = "headgate.run.start_delay";
    public const string RunDuration = "headgate.run.duration";
    public const string AttemptDuration = "headgate.attempt.duration";

    /// <summary>Upper bounds in seconds: a start takes milliseconds, and minutes where something holds it up.</summary>
    public static readonly IReadOnlyList<double> StartDelayBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800];

    /// <summary>Upper bounds in seconds: work takes from a blink to the longest timeout of a task, a day.</summary>
    public static readonly IReadOnlyList<double> WorkBuckets = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3600, 14400, 43200, 86400];
}
