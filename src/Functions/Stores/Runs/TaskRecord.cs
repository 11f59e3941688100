using System.Text.Json;
using Headgate.Core.Dispatch;
using Headgate.Core.Identity;
using Headgate.Core.Runs;

namespace Headgate.Functions.Stores.Runs;

/// <summary>A task's row: the authority over the task.</summary>
/// <param name="State">What decides its fate.</param>
/// <param name="PinnedAgent">The one agent that may have it, or null.</param>
/// <param name="Weight">The tenant's share at admission.</param>
/// <param name="Payload">JSON, as submitted.</param>
/// <param name="Output">JSON, as reported.</param>
/// <param name="ReadySince">While it is ready.</param>
public sealed record TaskRecord(
    string TenantId,
    string RunId,
    string Type,
    TaskPriority Priority,
    string? PinnedAgent,
    IReadOnlyDictionary<string, string> Labels,
    int Weight,
    TaskState State,
    byte[]? Payload,
    byte[]? Output,
    DateTimeOffset? ReadySince,
    string? ETag)
{
    public static IReadOnlyDictionary<string, string> NoLabels { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Names of what it uses.</summary>
    public IReadOnlyList<string> Resources { get; init; } = [];

    /// <summary>The earlier run in which it completed, if its run replays that one.</summary>
    public string? CarriedFrom { get; init; }

    /// <summary>An agent that is not to have it for a while. Part of what its pool tells of it, and no longer than it stands there.</summary>
    public Avoidance? Avoids { get; init; }

    /// <summary>W3C trace context that its hand-outs go on from; null where the run's trace is not recorded.</summary>
    public string? TraceParent { get; init; }

    /// <summary>That of the last attempt's hand-out.</summary>
    public string? AttemptTraceParent { get; init; }

    public string Name => State.Name;

    public string TaskId => Core.Identity.TaskId.Of(RunId, Name);

    /// <summary>The task as it is when its run is admitted.</summary>
    public static TaskRecord Create(RunRecord run, TaskDefinition task, TaskPriority priority) => new(
        run.TenantId,
        run.RunId,
        task.Type,
        priority,
        task.Agent,
        task.Labels.Count == 0 ? NoLabels : task.Labels,
        run.Weight,
        new TaskState(
            task.Name,
            task.Needs,
            task.Policy ?? throw new InvalidDataException("A stored task has no policy."),
            task.TimeoutSeconds,
            task.CarriedFrom is null ? Core.Runs.TaskStatus.Waiting : Core.Runs.TaskStatus.Completed,
            FinishedAt: task.CarriedFrom is null ? null : run.CreatedAt),
        task.Payload is { } payload ? JsonSerializer.SerializeToUtf8Bytes(payload) : null,
        null,
        null,
        null)
    {
        Resources = task.Resources ?? [],
        CarriedFrom = task.CarriedFrom,
    };

    /// <summary>The record with a new state; <see cref="ReadySince"/> follows it.</summary>
    public TaskRecord With(TaskState state, DateTimeOffset now) => this with
    {
        State = state,
        ReadySince = state.Status != Core.Runs.TaskStatus.Ready ? null : State.Status == Core.Runs.TaskStatus.Ready ? ReadySince : now,
    };

    public TaskOffer ToOffer() =>
        new(TaskId, TenantId, Weight, Type, Priority, PinnedAgent, Labels, ReadySince ?? DateTimeOffset.MinValue) { Resources = Resources, Avoids = Avoids };
}
