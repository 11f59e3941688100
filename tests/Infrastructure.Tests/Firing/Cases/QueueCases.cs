using Headgate.Infrastructure.Tests.Firing.Telemetry;
using Headgate.Infrastructure.Tests.Rules;

namespace Headgate.Infrastructure.Tests.Firing.Cases;

/// <summary>Service Bus measures its queues itself, each minute.</summary>
internal static class QueueCases
{
    private const string Active = "ActiveMessages";
    private const string DeadLettered = "DeadletteredMessages";

    public static IReadOnlyList<FiringCase> Of(AlertRule rule)
    {
        var (minutes, over, fine, queue, metric) = (rule.ForMinutes, rule.Threshold + 1.0, (double)rule.Threshold, rule.Signal.Labels["queue"], rule.Signal.Metric!);

        FiringCase Samples(string name, bool fires, Func<int, double> sample, string? ofQueue = null, string? ofMetric = null) => new(name, fires, site =>
            site.Pass(minutes, minute => site.QueueMetrics.Add((site.Now, ofQueue ?? queue, ofMetric ?? metric, sample(minute)))));

        return
        [
            Samples("every sample passes the threshold", true, _ => over),
            Samples("every sample equals the threshold", false, _ => fine),
            Samples("the first sample equals the threshold", false, minute => minute == 0 ? fine : over),
            Samples("the last sample equals the threshold", false, minute => minute == minutes - 1 ? fine : over),
            Samples("another queue passes it", false, _ => over, ofQueue: "others"),
            Samples("another metric of the queue passes it", false, _ => over, ofMetric: metric == Active ? DeadLettered : Active),
            new("it passed until the time began", false, site =>
            {
                site.Pass(minutes, _ => site.QueueMetrics.Add((site.Now, queue, metric, over)));
                site.Pass(minutes, _ => site.QueueMetrics.Add((site.Now, queue, metric, fine)));
            }),
            new("it was fine until the time began", true, site =>
            {
                site.Pass(minutes, _ => site.QueueMetrics.Add((site.Now, queue, metric, fine)));
                site.Pass(minutes, _ => site.QueueMetrics.Add((site.Now, queue, metric, over)));
            }),
            new("nothing is measured", false, site => site.Pass(minutes, _ => { })),
        ];
    }
}
