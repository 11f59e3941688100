namespace Headgate.Core.Identity;

/// <summary>Task ids: <c>{runId}.{taskName}</c>. Task names have no dot.</summary>
public static class TaskId
{
    public static string Of(string runId, string taskName) => $"{runId}.{taskName}";

    public static bool TryParse(string? taskId, out string runId, out string taskName)
    {
        var dot = taskId?.IndexOf('.') ?? -1;
        if (dot != RunId.Length || !RunId.IsWellFormed(taskId.AsSpan(0, dot)) || !Grammar.IsTaskName(taskId.AsSpan(dot + 1)))
        {
            runId = taskName = "";
            return false;
        }

        runId = taskId![..dot];
        taskName = taskId[(dot + 1)..];
        return true;
    }
}
