namespace Headgate.Core.Runs;

public enum RunStatus
{
    /// <summary>Admitted and holding its slot; not started yet.</summary>
    Pending,
    Running,
    Completed,
    Failed,
    Cancelled,
}

public static class RunStatuses
{
    private static readonly string[] Names = ["pending", "running", "completed", "failed", "cancelled"];

    public static IReadOnlyList<string> WireNames => Names;

    public static string WireName(this RunStatus status) => Names[(int)status];

    /// <summary>Ended: nothing changes any more, and the slot has come back.</summary>
    public static bool IsFinished(this RunStatus status) => status >= RunStatus.Completed;

    public static bool TryParse(string? name, out RunStatus status)
    {
        var index = name is null ? -1 : Array.IndexOf(Names, name);
        status = (RunStatus)Math.Max(index, 0);
        return index >= 0;
    }
}
