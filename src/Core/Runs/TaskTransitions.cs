namespace Headgate.Core.Runs;

/// <summary>Which status of a task may follow which. None follows itself, and none follows a final one.</summary>
public static class TaskTransitions
{
    public static bool Allows(TaskStatus from, TaskStatus to) => from switch
    {
        TaskStatus.Waiting => to is TaskStatus.Ready or TaskStatus.Cancelled or TaskStatus.Skipped,
        TaskStatus.Ready => to is TaskStatus.Assigned or TaskStatus.Cancelled or TaskStatus.Skipped,
        TaskStatus.Assigned => to is TaskStatus.Running or TaskStatus.Backoff or TaskStatus.Completed or TaskStatus.Failed or TaskStatus.Exhausted or TaskStatus.Cancelled,
        TaskStatus.Running => to is TaskStatus.Backoff or TaskStatus.Completed or TaskStatus.Failed or TaskStatus.Exhausted or TaskStatus.Cancelled,
        TaskStatus.Backoff => to is TaskStatus.Ready or TaskStatus.Exhausted or TaskStatus.Cancelled or TaskStatus.Skipped,
        _ => false,
    };

    public static IReadOnlyList<TaskStatus> From(TaskStatus from) => [.. Enum.GetValues<TaskStatus>().Where(to => Allows(from, to))];
}
