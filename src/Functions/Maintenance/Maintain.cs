using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Headgate.Functions.Maintenance;

/// <summary>Repairs what a crash, a lost message or a lost event left behind, and removes what is past its time.</summary>
public sealed class Maintain(RunRepair repair, Retention retention)
{
    [Function(nameof(Maintain))]
    public async Task RunAsync([TimerTrigger("%Maintenance%")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        await repair.RunAsync(client, cancellationToken);
        await retention.RunWhenDueAsync(client, cancellationToken);
    }
}
