namespace Headgate.Core.Runs;

/// <summary>A task's state. The order matters: from <see cref="Completed"/> on, states are final.</summary>
public enum TaskStatus
{
    /// <summary>Tasks that it needs have not completed.</summary>
    Waiting,

    /// <summary>An agent may get it now.</summary>
    Ready,

    /// <summary>Handed out; the agent has not confirmed that it runs.</summary>
    Assigned,
    Running,

    /// <summary>Waits for its next attempt.</summary>
    Backoff,
    Completed,

    /// <summary>Failed with a class that is not retried.</summary>
    Failed,

    /// <summary>Failed, and the retry budget is spent.</summary>
    Exhausted,
    Cancelled,

    /// <summary>Not attempted again, because another task failed the run.</summary>
    Skipped,
}

public static class TaskStatuses
{
    private static readonly string[] Names =
        ["waiting", "ready", "assigned", "running", "backoff", "completed", "failed", "exhausted", "cancelled", "skipped"];

    public static IReadOnlyList<string> WireNames => Names;

    public static string WireName(this TaskStatus status) => Names[(int)status];

    public static bool IsFinished(this TaskStatus status) => status >= TaskStatus.Completed;

    /// <summary>An agent holds an attempt of it.</summary>
    public static bool IsHeld(this TaskStatus status) => status is TaskStatus.Assigned or TaskStatus.Running;

    /// <summary>Ended so that the run can't complete.</summary>
    public static bool DoomsRun(this TaskStatus status) => status is TaskStatus.Failed or TaskStatus.Exhausted or TaskStatus.Cancelled;

    public static bool TryParse(string? name, out TaskStatus status)
    {
        var index = name is null ? -1 : Array.IndexOf(Names, name);
        status = (TaskStatus)Math.Max(index, 0);
        return index >= 0;
    }
}
