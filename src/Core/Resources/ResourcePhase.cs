namespace Headgate.Core.Resources;

/// <summary>Whether a resource may be used now.</summary>
public enum ResourcePhase
{
    /// <summary>Tasks may use it within its limits.</summary>
    Closed,

    /// <summary>It failed too often or asked for time: no task may use it for a while.</summary>
    Open,

    /// <summary>One task probes whether it works again.</summary>
    HalfOpen,

    /// <summary>It refused credentials, or somebody holds it: no task may use it until somebody releases it.</summary>
    Held,
}

public static class ResourcePhases
{
    private static readonly string[] Names = ["closed", "open", "half-open", "held"];

    /// <summary>In the order of the enumeration.</summary>
    public static IReadOnlyList<string> WireNames => Names;

    public static string WireName(this ResourcePhase phase) => Names[(int)phase];

    public static bool TryParse(string? name, out ResourcePhase phase)
    {
        var index = name is null ? -1 : Array.IndexOf(Names, name);
        phase = index < 0 ? ResourcePhase.Closed : (ResourcePhase)index;
        return index >= 0;
    }
}
