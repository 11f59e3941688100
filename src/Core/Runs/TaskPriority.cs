namespace Headgate.Core.Runs;

/// <summary>Order among the tasks of one tenant.</summary>
public enum TaskPriority
{
    High,
    Normal,
    Low,
}

public static class TaskPriorities
{
    private static readonly string[] Names = ["high", "normal", "low"];

    public static IReadOnlyList<string> WireNames => Names;

    public static string WireName(this TaskPriority priority) => Names[(int)priority];

    public static bool TryParse(string? name, out TaskPriority priority)
    {
        var index = name is null ? -1 : Array.IndexOf(Names, name);
        priority = index < 0 ? TaskPriority.Normal : (TaskPriority)index;
        return index >= 0;
    }
}
