using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Maintenance;

/// <summary>Measures what the gauges report, apart from maintenance so that neither keeps the other from running.</summary>
public sealed class Measure(Measurements measurements)
{
    [Function(nameof(Measure))]
    public Task RunAsync([TimerTrigger("%Maintenance%")] TimerInfo timer, CancellationToken cancellationToken) => measurements.RunAsync(cancellationToken);
}
