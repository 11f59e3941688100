namespace Headgate.Core.Failures;

/// <summary>What is true of each failure class: its name on the wire and whether it is retried.</summary>
public static class FailureClasses
{
    private static readonly string[] Names = ["network", "resource", "auth", "permanent", "timeout", "lost-agent", "cancelled", "unknown"];

    /// <summary>Every wire name, in the order of the enumeration.</summary>
    public static IReadOnlyList<string> WireNames => Names;

    public static string WireName(this FailureClass failure) => Names[(int)failure];

    public static bool IsRetried(this FailureClass failure) => failure switch
    {
        FailureClass.Network or FailureClass.Resource or FailureClass.Timeout or FailureClass.LostAgent or FailureClass.Unknown => true,
        _ => false,
    };

    /// <summary>Exact, lower-case wire names only; anything else is not a known class.</summary>
    public static bool TryParse(string? name, out FailureClass failure)
    {
        var index = name is null ? -1 : Array.IndexOf(Names, name);
        failure = index < 0 ? FailureClass.Unknown : (FailureClass)index;
        return index >= 0;
    }
}
