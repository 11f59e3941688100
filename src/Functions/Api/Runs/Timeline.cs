using Headgate.Contracts.Runs;
using Headgate.Core.Runs;
using Headgate.Functions.Stores.Runs;
using TaskStatus = Headgate.Core.Runs.TaskStatus;

namespace Headgate.Functions.Api.Runs;

/// <summary>Tells a run's story from its rows: nothing is recorded twice to be told.</summary>
public static class Timeline
{
    public static List<TimelineItem> Of(RunRecord run, RunTasks tasks)
    {
        var items = new List<TimelineItem> { new(run.CreatedAt, run.QueuedAt is null ? "run-admitted" : "run-queued", Detail: $"by {run.Origin}") };
        if (run.SlotAt is { } slot)
            items.Add(new(slot, "run-admitted", Detail: "from the queue"));
        if (run.StartedAt is { } started)
            items.Add(new(started, "run-started"));
        if (run.CancelRequestedAt is { } cancelled)
            items.Add(new(cancelled, "cancel-requested", Detail: $"by {run.CancelledBy}"));
        if (run.ReplayedAt is { } replayed)
            items.Add(new(replayed, "run-replayed", Detail: $"as run {run.ReplayedAs}"));
        foreach (var attempt in tasks.Attempts)
            Add(items, attempt);
        foreach (var task in tasks.Tasks)
            Add(items, task);
        if (run.FinishedAt is { } finished)
            items.Add(new(finished, $"run-{run.Status.WireName()}", Detail: run.FailureMessage));

        // Stable: what happened at the same millisecond stays in the order of cause and effect.
        return [.. items.OrderBy(item => item.At)];
    }

    private static void Add(List<TimelineItem> items, AttemptRecord attempt)
    {
        items.Add(new(attempt.StartedAt, "attempt-started", attempt.TaskName, attempt.Attempt, attempt.AgentId));
        var detail = attempt.ErrorCategory is { } category ? $"{category}: {attempt.ErrorMessage}" : attempt.ErrorMessage;
        items.Add(new(attempt.FinishedAt, $"attempt-{attempt.Outcome}", attempt.TaskName, attempt.Attempt, attempt.AgentId, detail));
        if (attempt.NextRetryAt is { } retry)
            items.Add(new(attempt.FinishedAt, "retry-scheduled", attempt.TaskName, attempt.Attempt, Detail: $"not before {retry.UtcDateTime.ToString(Contracts.MillisecondTime.Format)}"));
    }

    private static void Add(List<TimelineItem> items, TaskRecord task)
    {
        var state = task.State;
        if (task.CarriedFrom is { } earlier)
        {
            items.Add(new(state.FinishedAt ?? DateTimeOffset.MinValue, "task-carried-over", task.Name, Detail: $"completed in run {earlier}"));
            return;
        }

        if (task.ReadySince is { } ready)
            items.Add(new(ready, "task-ready", task.Name));
        if (state.Status.IsHeld() && state.AssignedAt is { } assigned)
            items.Add(new(assigned, "attempt-started", task.Name, state.Attempt, state.AgentId));
        if (state.FinishedAt is { } finished && state.Status != TaskStatus.Completed)
            items.Add(new(finished, $"task-{state.Status.WireName()}", task.Name));
        else if (state.FinishedAt is { } completed)
            items.Add(new(completed, "task-completed", task.Name, state.Attempt, state.AgentId));
    }
}
