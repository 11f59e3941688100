using System.Diagnostics;
using System.Text.Json;
using Headgate.Contracts;
using Headgate.Core.Runs;
using Headgate.Functions.Admission;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Telemetry;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Headgate.Functions.Runs;

/// <summary>Starts the orchestration of an admitted run. Idempotent by the run's row: only a pending run is started, and only once.</summary>
public sealed class RunStarter(RunReader runs, RunWaker waker, RunWatch watch, ILogger<RunStarter> logger)
{
    [Function(nameof(RunStarter))]
    public async Task RunAsync(
        [ServiceBusTrigger(RunQueue.Name, Connection = "ServiceBus")] string message,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        if (JsonSerializer.Deserialize(message, ContractJson.Default.RunStart) is not { TenantId: { }, RunId: { } } start)
            throw new InvalidDataException("The start message names no run.");
        try
        {
            // A run never becomes pending again once it has a slot, and an instance started on an old look finds what there is to do for itself.
            var run = runs.RecentRun(start.TenantId, start.RunId) is { Status: not RunStatus.Queued } recent ? recent : await runs.RunAsync(start.TenantId, start.RunId, cancellationToken);
            if (run is { Status: RunStatus.Pending })
                await waker.StartAsync(client, start.TenantId, start.RunId, Activity.Current?.Id, cancellationToken);
        }
        catch (Exception failure)
        {
            if (failure is not OperationCanceledException)
                logger.StartFailed(failure, start.RunId, start.TenantId);
            // After too many of these the message is a dead letter, and maintenance has to send another.
            watch.Doubt(start.TenantId, start.RunId);
            throw;
        }
    }
}
