using Headgate.Ports;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Client.Entities;

namespace Headgate.Engine.Client;

/// <summary>
/// The engine's client. When a call's task completes, its change is in the log but not yet on disk: before you answer anyone, wait for
/// <see cref="Storage.Log.WriteLog.FlushedAsync()"/>. Safe for concurrent use.
/// </summary>
internal sealed class LocalDurableClient(EngineCore core, IRandomSource random) : DurableTaskClient("local")
{
    private static readonly string[] LiveStatuses =
        [nameof(OrchestrationRuntimeStatus.Pending), nameof(OrchestrationRuntimeStatus.Running), nameof(OrchestrationRuntimeStatus.Suspended)];

    private readonly InstanceCommands _commands = new(core);

    public override DurableEntityClient Entities => throw Unsupported.Entities();

    public override Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(orchestratorName.Name, nameof(orchestratorName));
        Unsupported.RefuseVersion(options?.Version?.Version);
        var id = options?.InstanceId ?? NewId();
        _commands.Start(id, orchestratorName.Name, core.Converter.Serialize(input), options);
        return Task.FromResult(id);
    }

    public override Task RaiseEventAsync(string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        _commands.Raise(instanceId, eventName, core.Converter.Serialize(eventPayload));
        return Task.CompletedTask;
    }

    public override async Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        Metadata.Of(await _commands.WaitAsync(instanceId, forEnd: false, cancellation), core.Converter, getInputsAndOutputs);

    public override async Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        Metadata.Of(await _commands.WaitAsync(instanceId, forEnd: true, cancellation), core.Converter, getInputsAndOutputs);

    public override Task TerminateInstanceAsync(
        string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        _commands.Terminate(instanceId, core.Converter.Serialize(options?.Output), options?.Recursive ?? false);
        return Task.CompletedTask;
    }

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        _commands.Suspend(instanceId);
        return Task.CompletedTask;
    }

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        _commands.Resume(instanceId);
        return Task.CompletedTask;
    }

    public override Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        var row = core.Instances.RowOf(instanceId);
        return Task.FromResult(row is null ? null : Metadata.Of(row, core.Converter, getInputsAndOutputs));
    }

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null) =>
        new InstancePages(core, filter ?? new());

    public override async Task<PurgeResult> PurgeInstanceAsync(
        string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        // Sub-orchestrations are found in the history on disk.
        await core.MergedAsync();
        return new(_commands.Purge(instanceId, options?.Recursive ?? false));
    }

    public override async Task<PurgeResult> PurgeAllInstancesAsync(
        PurgeInstancesFilter filter, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        var count = 0;
        var matching = new OrchestrationQuery(filter.CreatedFrom, filter.CreatedTo, filter.Statuses);
        await foreach (var found in GetAllInstancesAsync(matching).WithCancellation(cancellation))
        {
            if (core.Instances.RowOf(found.InstanceId) is { Ended: true })
                count += _commands.Purge(found.InstanceId, options?.Recursive ?? false);
        }

        return new(count, isComplete: true);
    }

    /// <summary>Starts an instance again from its input.</summary>
    /// <exception cref="ArgumentException">There is no such instance.</exception>
    /// <exception cref="InstanceExistsException">It was to keep its id, but it has not ended.</exception>
    public override Task<string> RestartAsync(string instanceId, bool restartWithNewInstanceId = false, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        var row = core.Instances.RowOf(instanceId) ?? throw new ArgumentException($"There is no orchestration '{instanceId}'.", nameof(instanceId));
        var id = restartWithNewInstanceId ? NewId() : instanceId;
        var tags = row.Tags ?? new Dictionary<string, string>(StringComparer.Ordinal);
        _commands.Start(id, row.Name, row.Input, new(id) { DedupeStatuses = LiveStatuses, Tags = tags });
        return Task.FromResult(id);
    }

    public override Task RewindInstanceAsync(string instanceId, string reason, CancellationToken cancellation = default) => throw Unsupported.Rewind();

    public override Task<IList<DurableTask.Core.History.HistoryEvent>> GetOrchestrationHistoryAsync(string instanceId, CancellationToken cancellation = default) =>
        throw Unsupported.Histories();

    public override Task<Page<string>> ListInstanceIdsAsync(
        IEnumerable<OrchestrationRuntimeStatus>? runtimeStatus = null,
        DateTimeOffset? completedTimeFrom = null,
        DateTimeOffset? completedTimeTo = null,
        int pageSize = OrchestrationQuery.DefaultPageSize,
        string? lastInstanceKey = null,
        CancellationToken cancellation = default) =>
        new EndedIds(core, runtimeStatus, completedTimeFrom, completedTimeTo).ReadAsync(pageSize, lastInstanceKey);

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private string NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        random.Fill(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
