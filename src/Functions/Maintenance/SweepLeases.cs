using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Headgate.Functions.Maintenance;

/// <summary>Takes tasks from agents that went silent, and has those judged that an agent holds beyond their timeout.</summary>
public sealed class SweepLeases(LeaseSweep leases, TimeoutSweep timeouts)
{
    [Function(nameof(SweepLeases))]
    public async Task RunAsync([TimerTrigger("%LeaseSweep%")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        await leases.RunAsync(client, cancellationToken);
        await timeouts.RunAsync(client, cancellationToken);
    }
}
