using System.Diagnostics;
using Grpc.Core;
using Headgate.Functions.Options;
using Headgate.Functions.Telemetry;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Headgate.Functions.Runs;

/// <summary>Starts and wakes orchestrations of runs.</summary>
public sealed class RunWaker(Arrangement arrangement, RunWatch watch, ILogger<RunWaker> logger)
{
    private static readonly StartOrchestrationOptions Once = new StartOrchestrationOptions().WithDedupeStatuses(
        OrchestrationRuntimeStatus.Pending,
        OrchestrationRuntimeStatus.Running,
        OrchestrationRuntimeStatus.Suspended,
        OrchestrationRuntimeStatus.Completed,
        OrchestrationRuntimeStatus.Failed,
        OrchestrationRuntimeStatus.Terminated);

    // An ended instance of a live run is an orphan: it has to be started anew.
    private static readonly StartOrchestrationOptions UnlessLive = new StartOrchestrationOptions().WithDedupeStatuses(
        OrchestrationRuntimeStatus.Pending,
        OrchestrationRuntimeStatus.Running,
        OrchestrationRuntimeStatus.Suspended);

    /// <summary>Starts the run's instance; one that exists in any state counts as started.</summary>
    /// <param name="traceParent">What starts it.</param>
    public async Task StartAsync(DurableTaskClient client, string tenantId, string runId, string? traceParent, CancellationToken cancellationToken)
    {
        using var create = Tracing.Begin($"create_orchestration:{RunOrchestration.Name}", ActivityKind.Producer, traceParent);
        create?.SetTag("durabletask.type", "orchestration").SetTag("durabletask.task.name", RunOrchestration.Name).SetTag("durabletask.task.instance_id", runId);
        await StartAsync(client, new RunReference(tenantId, runId) { TraceParent = create?.Id }, Once, cancellationToken);
    }

    /// <summary>Starts the run's instance unless a live one exists.</summary>
    public Task RestartAsync(DurableTaskClient client, string tenantId, string runId, CancellationToken cancellationToken) =>
        StartAsync(client, new RunReference(tenantId, runId), UnlessLive, cancellationToken);

    /// <summary>Tells each run's instance, once, that something changed. Never fails: an event that is lost is repaired by maintenance.</summary>
    public async Task WakeAsync(DurableTaskClient client, IEnumerable<RunReference> runs, CancellationToken cancellationToken)
    {
        foreach (var run in runs.Distinct())
        {
            try
            {
                if (arrangement.OneEngine || await client.GetInstanceAsync(run.RunId, cancellationToken) is not null)
                    await client.RaiseEventAsync(run.RunId, RunOrchestration.ChangedEvent, null, cancellationToken);
                else
                    await RestartAsync(client, run.TenantId, run.RunId, cancellationToken);
            }
            catch (RpcException missing) when (missing.StatusCode == StatusCode.NotFound)
            {
                // Not started yet, and then its first look finds what changed; or it is gone, and maintenance starts it anew.
                watch.Doubt(run.TenantId, run.RunId);
                logger.NothingToWake(run.RunId);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                watch.Doubt(run.TenantId, run.RunId);
                logger.WakeFailed(failure, run.RunId);
            }
        }
    }

    private async Task StartAsync(DurableTaskClient client, RunReference run, StartOrchestrationOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(RunOrchestration.Name, run, options with { InstanceId = run.RunId }, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // The extensions differ in what they throw for an instance that exists: the instance itself tells.
            if (await client.GetInstanceAsync(run.RunId, cancellationToken) is null)
                throw;
            logger.AlreadyStarted(run.RunId);
        }
    }
}
