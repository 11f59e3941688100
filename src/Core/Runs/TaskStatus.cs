namespace Headgate.Core.Runs;

/// <summary>Where a task stands. The order matters: from <see cref="Completed"/> on, states are final.</summary>
public enum TaskStatus
{
    /// <summary>Needs other tasks first.</summary>
    Waiting,

    /// <summary>An agent may have it now.</summary>
    Ready,

    /// <summary>Handed out; the agent has not yet said that it runs it.</summary>
    Assigned,
    Running,

    /// <summary>Failed, and waits for its next try.</summary>
    Backoff,
    Completed,

    /// <summary>Failed in a way that is not retried.</summary>
    Failed,

    /// <summary>Failed, and the budget is spent.</summary>
    Exhausted,
    Cancelled,

    /// <summary>Not tried, or not tried again, because the run was lost for other reasons.</summary>
    Skipped,
}

/// <summary>What is true of each state, and its name on the wire and in rows.</summary>
public static class TaskStatuses
{
    private static readonly string[] Names =
        ["waiting", "ready", "assigned", "running", "backoff", "completed", "failed", "exhausted", "cancelled", "skipped"];

    public static IReadOnlyList<string> WireNames => Names;

    public static string WireName(this TaskStatus status) => Names[(int)status];

    public static bool IsFinished(this TaskStatus status) => status >= TaskStatus.Completed;

    /// <summary>An agent holds an attempt of it.</summary>
    public static bool IsHeld(this TaskStatus status) => status is TaskStatus.Assigned or TaskStatus.Running;

    /// <summary>Ended so that the run cannot complete any more.</summary>
    public static bool DoomsRun(this TaskStatus status) => status is TaskStatus.Failed or TaskStatus.Exhausted or TaskStatus.Cancelled;

    public static bool TryParse(string? name, out TaskStatus status)
    {
        var index = name is null ? -1 : Array.IndexOf(Names, name);
        status = (TaskStatus)Math.Max(index, 0);
        return index >= 0;
    }
}
