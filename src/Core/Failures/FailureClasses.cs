namespace Headgate.Core.Failures;

public static class FailureClasses
{
    private static readonly string[] Names = ["network", "resource", "auth", "permanent", "timeout", "lost-agent", "cancelled", "unknown"];

    /// <summary>In the order of the enumeration.</summary>
    public static IReadOnlyList<string> WireNames => Names;

    public static string WireName(this FailureClass failure) => Names[(int)failure];

    public static bool IsRetried(this FailureClass failure) => failure switch
    {
        FailureClass.Network or FailureClass.Resource or FailureClass.Timeout or FailureClass.LostAgent or FailureClass.Unknown => true,
        _ => false,
    };

    /// <summary>Exact, lower-case wire names only.</summary>
    public static bool TryParse(string? name, out FailureClass failure)
    {
        var index = name is null ? -1 : Array.IndexOf(Names, name);
        failure = index < 0 ? FailureClass.Unknown : (FailureClass)index;
        return index >= 0;
    }
}
