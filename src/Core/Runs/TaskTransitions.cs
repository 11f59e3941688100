namespace Headgate.Core.Runs;

/// <summary>The table of moves between task states.</summary>
public static class TaskTransitions
{
    public static IReadOnlyList<TaskStatus> From(TaskStatus from) => from switch
    {
        TaskStatus.Waiting => [TaskStatus.Ready, TaskStatus.Cancelled, TaskStatus.Skipped],
        TaskStatus.Ready => [TaskStatus.Assigned, TaskStatus.Cancelled, TaskStatus.Skipped],
        TaskStatus.Assigned => [TaskStatus.Running, TaskStatus.Backoff, TaskStatus.Completed, TaskStatus.Failed, TaskStatus.Exhausted, TaskStatus.Cancelled],
        TaskStatus.Running => [TaskStatus.Backoff, TaskStatus.Completed, TaskStatus.Failed, TaskStatus.Exhausted, TaskStatus.Cancelled],
        TaskStatus.Backoff => [TaskStatus.Ready, TaskStatus.Cancelled, TaskStatus.Skipped],
        _ => [],
    };

    public static bool Allows(TaskStatus from, TaskStatus to) => From(from).Contains(to);
}
