using System.Diagnostics.Metrics;
using Headgate.Functions.Telemetry;
using Headgate.Infrastructure.Tests.Rules;

namespace Headgate.Infrastructure.Tests.Firing.Telemetry;

/// <summary>The series of the app's gauges, and how a rule's counter grows.</summary>
internal static class AppSeries
{
    /// <summary>Of each gauge, the labels of what it reports.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Gauges = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        [Instruments.QueueDepth] = ["queue=runs state=active", "queue=runs state=scheduled", "queue=runs state=dead-lettered", "queue=tasks state=active"],
        [Instruments.QueueOldestAge] = ["queue=runs", "queue=tasks"],
        [Instruments.RunsInFlight] = ["plan=free", "plan=pro", "plan=enterprise"],
        [Instruments.TasksInBackoff] = [""],
        [Instruments.Agents] = ["state=online", "state=late", "state=offline", "state=draining", "state=quarantined"],
        [Instruments.MostTasksInBackoff] = [""],
        [Instruments.FarthestEarliestRetry] = [""],
        [Instruments.ResourcesHeld] = [""],
        [Instruments.Burning] = ["limit=fast", "limit=steady", "limit=slow"],
        [Instruments.StuckOrchestrations] = [""],
    };

    /// <summary>Measures everything as maintenance does.</summary>
    /// <param name="process">Where.</param>
    /// <param name="signal">Of the rule.</param>
    /// <param name="value">Of the rule's series.</param>
    /// <param name="others">Of all other series.</param>
    public static void Measure(this AppProcess process, AlertSignal signal, double value, double others = 0)
    {
        var own = LabelsOf(signal);
        foreach (var (instrument, series) in Gauges)
        {
            process.Gauges.Set(
                instrument, [.. series.Select(labels => new Measurement<double>(instrument == signal.Instrument && labels == own ? value : others, Tags(labels)))]);
        }
    }

    /// <summary>Has the app count what the rule counts.</summary>
    public static void Count(this AppProcess process, AlertSignal signal, int times)
    {
        for (var i = 0; i < times; i++)
        {
            // Labels that the rule leaves open take every value in turn.
            var turn = i % 2 == 0 ? "one" : "two";
            if (signal.Instrument == "headgate.admissions")
                process.Metrics.Submitted(signal.Labels["outcome"], turn);
            else if (signal.Instrument == "headgate.attempts")
                process.Metrics.AttemptSettled(turn, signal.Labels["outcome"], signal.Labels["category"], "failed", TimeSpan.FromSeconds(1));
            else if (signal.Instrument == "headgate.ledger.drift")
                process.Metrics.LedgerCorrected(1);
            else if (signal.Instrument == "headgate.agents.contended")
                process.Metrics.AgentContended();
            else
                throw new InvalidOperationException($"Nothing here counts {signal.Instrument}.");
        }
    }

    /// <summary>Has the app count everything else many times.</summary>
    public static void CountOthers(this AppProcess process, AlertSignal signal)
    {
        for (var i = 0; i < 1000; i++)
        {
            foreach (var outcome in ((string[])["admitted", "tenant-paused", "monthly-limit", "concurrency-limit", "busy"]).Except(signal.Labels.Values))
                process.Metrics.Submitted(outcome, "pro");
            process.Metrics.AttemptSettled("work", "success", null, "completed", TimeSpan.FromSeconds(1));
            process.Metrics.AttemptSettled("work", "cancelled", null, "cancelled", TimeSpan.FromSeconds(1));
            process.Metrics.AttemptSettled("work", "failure", "network", "retry", TimeSpan.FromSeconds(1));
            process.Metrics.LeasesLost(1);
            if (signal.Instrument != "headgate.ledger.drift")
                process.Metrics.LedgerCorrected(1);
            if (signal.Instrument != "headgate.agents.contended")
                process.Metrics.AgentContended();
        }
    }

    public static string LabelsOf(AlertSignal signal) => MetricPoint.Joined(signal.Labels.Select(label => KeyValuePair.Create(label.Key, (object?)label.Value)));

    private static IEnumerable<KeyValuePair<string, object?>> Tags(string labels) =>
        labels.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(label => label.Split('=')).Select(label => KeyValuePair.Create(label[0], (object?)label[1]));
}
