namespace Headgate.Core.Runs;

/// <summary>A run's state. The order matters: from <see cref="Completed"/> on, states are final.</summary>
public enum RunStatus
{
    /// <summary>Accepted over the cap: it waits for a slot, and has none.</summary>
    Queued,

    /// <summary>Admitted, with a slot; not started yet.</summary>
    Pending,
    Running,
    Completed,
    Failed,
    Cancelled,
}

public static class RunStatuses
{
    private static readonly string[] Names = ["queued", "pending", "running", "completed", "failed", "cancelled"];

    public static IReadOnlyList<string> WireNames => Names;

    public static string WireName(this RunStatus status) => Names[(int)status];

    /// <summary>Nothing changes any more, and the slot is free.</summary>
    public static bool IsFinished(this RunStatus status) => status >= RunStatus.Completed;

    public static bool TryParse(string? name, out RunStatus status)
    {
        var index = name is null ? -1 : Array.IndexOf(Names, name);
        status = (RunStatus)Math.Max(index, 0);
        return index >= 0;
    }
}
