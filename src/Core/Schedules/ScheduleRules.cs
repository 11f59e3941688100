namespace Headgate.Core.Schedules;

/// <summary>What becomes of an occurrence while the schedule's last run has not ended.</summary>
public enum OverlapRule
{
    /// <summary>It is left out.</summary>
    Skip,

    /// <summary>It waits until that run has ended. One waits at a time: the latest.</summary>
    Queue,

    /// <summary>That run is cancelled, and the occurrence waits until it has ended.</summary>
    CancelPrevious,
}

/// <summary>What becomes of occurrences that nobody fired in time.</summary>
public enum CatchUpRule
{
    /// <summary>The latest of them is fired as soon as possible.</summary>
    Latest,

    /// <summary>None is.</summary>
    None,
}

/// <summary>The words for both.</summary>
public static class ScheduleWords
{
    private static readonly string[] Overlaps = ["skip", "queue", "cancel-previous"];
    private static readonly string[] CatchUps = ["latest", "none"];

    public static IReadOnlyList<string> OfOverlap => Overlaps;

    public static IReadOnlyList<string> OfCatchUp => CatchUps;

    public static string WireName(this OverlapRule rule) => Overlaps[(int)rule];

    public static string WireName(this CatchUpRule rule) => CatchUps[(int)rule];

    /// <summary>The default where the word is none of them.</summary>
    public static OverlapRule Overlap(string? word) => (OverlapRule)Math.Max(Array.IndexOf(Overlaps, word), 0);

    /// <summary>The default where the word is none of them.</summary>
    public static CatchUpRule CatchUp(string? word) => (CatchUpRule)Math.Max(Array.IndexOf(CatchUps, word), 0);
}
