using Headgate.Functions.Maintenance;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Headgate.Functions.Timers;

/// <summary>Takes tasks from agents that went silent.</summary>
public sealed class SweepLeases(LeaseSweep sweep)
{
    [Function(nameof(SweepLeases))]
    public Task RunAsync([TimerTrigger("%LeaseSweep%")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        sweep.RunAsync(client, cancellationToken);
}
