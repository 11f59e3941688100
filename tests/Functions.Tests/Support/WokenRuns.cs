using Headgate.Functions.Runs;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Headgate.Functions.Tests.Support;

/// <summary>An engine that only remembers which runs were told of a change.</summary>
internal sealed class WokenRuns() : DurableTaskClient("woken")
{
    private readonly List<string> _runIds = [];

    /// <summary>What telling a run fails with; null: it does not.</summary>
    public Exception? Failure { get; init; }

    /// <summary>Those since the last look.</summary>
    public List<string> Take()
    {
        var taken = _runIds.ToList();
        _runIds.Clear();
        return taken;
    }

    public override Task RaiseEventAsync(string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        if (Failure is not null)
            throw Failure;
        if (eventName == RunOrchestration.ChangedEvent)
            _runIds.Add(instanceId);
        return Task.CompletedTask;
    }

    public override Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default) => throw new NotSupportedException();

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) => throw new NotSupportedException();

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) => throw new NotSupportedException();

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) => throw new NotSupportedException();

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) => throw new NotSupportedException();

    public override Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) => throw new NotSupportedException();

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null) => throw new NotSupportedException();

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
