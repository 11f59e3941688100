using System.Text.Json;
using Headgate.Contracts;
using Headgate.Contracts.Runs;
using Headgate.Core.Dispatch;
using Headgate.Core.Failures;
using Headgate.Core.Runs;
using Headgate.Core.Tenants;
using Headgate.Functions.Admission;
using Headgate.Functions.Stores.Runs;
using TaskStatus = Headgate.Core.Runs.TaskStatus;

namespace Headgate.Functions.Api.Runs;

/// <summary>Rows as callers see them.</summary>
public static class RunViews
{
    public static string Self(string tenantId, string runId) => $"/tenants/{tenantId}/runs/{runId}";

    public static RunLinks Links(string tenantId, string runId)
    {
        var self = Self(tenantId, runId);
        return new RunLinks(self, self + "/timeline", self + "/cancel", self + "/explain", self + "/events");
    }

    /// <summary>The body of the 202 of a submission or a replay.</summary>
    public static byte[] Accepted(RunRecord run, Acceptance acceptance, string requestId)
    {
        var (runId, status, links) = (run.RunId, run.Status.WireName(), Links(run.TenantId, run.RunId));
        var (inFlight, limit, place, shadow) = acceptance;
        return place is null
            ? JsonSerializer.SerializeToUtf8Bytes(
                new RunAccepted(runId, status, inFlight, limit, links, requestId, shadow), ContractJson.Default.RunAccepted)
            : JsonSerializer.SerializeToUtf8Bytes(
                new RunQueued(runId, status, place.Position, place.EstimatedStartAt, inFlight, limit, links, requestId, shadow), ContractJson.Default.RunQueued);
    }

    /// <summary>For lists: without tasks and metadata.</summary>
    /// <param name="run">Which.</param>
    /// <param name="place">Where it waits for a slot; null where it does not.</param>
    public static RunView Summary(RunRecord run, QueuePlace? place = null) => View(run, null, null, place, null);

    /// <param name="tasks">Empty while the run is pending: the tasks are then those of its definition.</param>
    public static RunView Whole(RunRecord run, RunTasks tasks, DateTimeOffset now, Surroundings around, QueuePlace? place = null)
    {
        var definition = run.Definition();
        var rows = tasks.Tasks.Count > 0 ? tasks.Tasks : FromDefinition(run, definition);
        var byName = rows.ToDictionary(task => task.Name, StringComparer.Ordinal);
        var attempts = tasks.Attempts.ToLookup(attempt => attempt.TaskName, StringComparer.Ordinal);
        var views = definition.Tasks
            .Where(task => byName.ContainsKey(task.Name))
            .Select(task => Task(byName[task.Name], attempts[task.Name], byName, now, around))
            .ToList();
        int? retriesLeft = run.RetryBudget is { } budget ? RetryBudgets.Left(budget, rows.Select(task => task.State)) : null;
        return View(run, definition.Metadata, views, place, definition.ReplayOf, retriesLeft);
    }

    /// <param name="tasks">All tasks of the run by name, to tell which needs are open; null where they are not at hand.</param>
    /// <param name="withLogs">False for whole runs: the logs of many tasks would swamp the answer.</param>
    public static TaskView Task(
        TaskRecord task,
        IEnumerable<AttemptRecord> settled,
        IReadOnlyDictionary<string, TaskRecord>? tasks,
        DateTimeOffset now,
        Surroundings around,
        bool withLogs = false)
    {
        var state = task.State;
        var attempts = settled.OrderBy(attempt => attempt.Attempt).Select(attempt => Attempt(attempt, withLogs)).ToList();
        if (state.Status.IsHeld())
            attempts.Add(new AttemptView(state.Attempt, state.AgentId!, state.AssignedAt ?? now, null, null, null, null, null));
        return new TaskView(
            task.TaskId,
            task.RunId,
            task.Name,
            task.Type,
            state.Status.WireName(),
            state.Needs,
            task.Resources,
            state.Attempt,
            state.Policy.MaxRetries,
            state.RetriesRemaining,
            state.NextRetryAt,
            state.LastErrorClass?.WireName(),
            state.Status.IsHeld() || state.Status.IsFinished() ? state.AgentId : null,
            WaitingFor(task, tasks, around),
            around.Progress?.GetValueOrDefault(task.TaskId),
            attempts,
            task.Output is { } output ? JsonDocument.Parse(output).RootElement : null,
            task.CarriedFrom);
    }

    public static IReadOnlyList<TaskRecord> FromDefinition(RunRecord run, RunDefinition definition)
    {
        var priority = TaskPriorities.TryParse(run.Priority, out var known) ? known : TaskPriority.Normal;
        return [.. definition.Tasks.Select(task => Ended(TaskRecord.Create(run, task, priority), run))];
    }

    // A run that was cancelled while it waited for a slot never had task rows.
    private static TaskRecord Ended(TaskRecord task, RunRecord run) =>
        run is { Status: RunStatus.Cancelled, FinishedAt: { } at } ? task with { State = task.State.To(TaskStatus.Cancelled, at) } : task;

    private static RunView View(RunRecord run, JsonElement? metadata, IReadOnlyList<TaskView>? tasks, QueuePlace? place, string? replayOf, int? retriesLeft = null) => new(
        run.RunId,
        run.TenantId,
        run.Name,
        run.Status.WireName(),
        run.Priority,
        run.CreatedAt,
        run.StartedAt,
        run.FinishedAt,
        run.FailureCode is { } code ? new RunFailure(code, run.FailureMessage ?? "", run.FailedTask, run.FailureCategory) : null,
        metadata,
        tasks,
        Links(run.TenantId, run.RunId),
        place?.Position,
        place?.EstimatedStartAt,
        replayOf,
        run.ReplayedAs,
        run.Schedule,
        run.RetryBudget,
        retriesLeft);

    private static AttemptView Attempt(AttemptRecord attempt, bool withLog) => new(
        attempt.Attempt,
        attempt.AgentId,
        attempt.StartedAt,
        attempt.FinishedAt,
        attempt.Outcome,
        attempt.ErrorCategory,
        attempt.ErrorMessage,
        attempt.ExitCode,
        withLog ? attempt.Log : null);

    private static string? WaitingFor(TaskRecord task, IReadOnlyDictionary<string, TaskRecord>? tasks, Surroundings around)
    {
        // What keeps back all tasks of the tenant comes before what keeps back this one.
        var agents = around.Agents;
        if (around.Tenant is not { } status || status == TenantStatus.Active)
            return around.KeptBack?.GetValueOrDefault(task.TaskId) is { } resource ? $"resource:{resource}" : WaitingFor(task, tasks, agents);
        if (task.State.Status == TaskStatus.Ready || (task.State.Needs.Count == 0 && task.State.Status == TaskStatus.Waiting))
            return status.WireName();
        return WaitingFor(task, tasks, agents) is { } own ? $"{own}, and the tenant, which is {status.WireName()}" : null;
    }

    private static string? WaitingFor(TaskRecord task, IReadOnlyDictionary<string, TaskRecord>? tasks, IReadOnlyList<AgentProfile>? agents) => task.State.Status switch
    {
        TaskStatus.Waiting when tasks is not null && OpenNeeds(task, tasks) is { Count: > 0 } open => $"tasks to complete: {string.Join(", ", open)}",
        TaskStatus.Waiting when task.State.Needs.Count > 0 => "tasks it needs to complete",
        TaskStatus.Waiting => "the run to start",
        TaskStatus.Ready when agents is not null => WaitingReason.Of(task.ToOffer(), agents).Sentence,
        TaskStatus.Ready when task.PinnedAgent is { } agent => $"agent {agent} to claim it",
        TaskStatus.Ready => $"an agent that takes '{task.Type}'{(task.Labels.Count > 0 ? " and carries its labels" : "")}",
        TaskStatus.Backoff when task.State.IsPutOff => "a later minute: its tenant started as many retries in this one as it may",
        TaskStatus.Backoff => "its next retry",
        _ => null,
    };

    private static List<string> OpenNeeds(TaskRecord task, IReadOnlyDictionary<string, TaskRecord> tasks) =>
        [.. task.State.Needs.Where(need => tasks.TryGetValue(need, out var needed) && needed.State.Status != TaskStatus.Completed)];
}
