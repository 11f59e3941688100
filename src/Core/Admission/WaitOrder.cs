using Headgate.Core.Runs;

namespace Headgate.Core.Admission;

/// <summary>
/// Which waiting run starts next. Inside a priority the one that was accepted first. Between priorities age decides, and a higher one has
/// a head start that is counted in mean waits: so it goes first, as long as nobody has waited for many times what is usual.
/// While the mean is unknown, priority alone decides.
/// </summary>
public static class WaitOrder
{
    /// <summary>By how many mean waits a high one seems older than a low one that was accepted with it.</summary>
    public const double HighHeadStart = 6;

    public const double NormalHeadStart = 3;

    private const int Priorities = 3;

    /// <summary>What a wait usually takes: as it was of late, or as long as the queue is; null while nothing is known.</summary>
    public static double? MeanWaitSeconds(Ledger ledger, DateTimeOffset now)
    {
        var byLength = ledger.AverageRunSeconds * ledger.WaitingRuns / Math.Max(ledger.LimitsAt(now).MaxConcurrentRuns, 1);
        return ledger.AverageWaitSeconds is { } known && byLength is { } expected ? Math.Max(known, expected) : ledger.AverageWaitSeconds ?? byLength;
    }

    /// <param name="waiting">In the order of their places.</param>
    /// <param name="meanSeconds">See <see cref="MeanWaitSeconds"/>.</param>
    /// <param name="most">At most so many.</param>
    /// <returns>In the order in which they would start.</returns>
    public static List<WaitingRun> First(IReadOnlyList<WaitingRun> waiting, double? meanSeconds, int most)
    {
        // One place of reading for each priority: the heads compete.
        Span<int> next = stackalloc int[Priorities];
        for (var priority = 0; priority < Priorities; priority++)
            next[priority] = Following(waiting, priority, 0);
        var first = new List<WaitingRun>(Math.Min(most, waiting.Count));
        while (first.Count < most)
        {
            var best = -1;
            for (var priority = 0; priority < Priorities; priority++)
            {
                if (next[priority] < waiting.Count && (best < 0 || Precedes(waiting[next[priority]], waiting[next[best]], meanSeconds)))
                    best = priority;
            }

            if (best < 0)
                break;
            first.Add(waiting[next[best]]);
            next[best] = Following(waiting, best, next[best] + 1);
        }

        return first;
    }

    /// <summary>The run's position, from 1; null where it does not wait.</summary>
    public static int? PositionOf(string runId, IReadOnlyList<WaitingRun> waiting, double? meanSeconds)
    {
        var place = First(waiting, meanSeconds, waiting.Count).FindIndex(run => run.RunId == runId);
        return place < 0 ? null : place + 1;
    }

    private static int Following(IReadOnlyList<WaitingRun> waiting, int priority, int from)
    {
        while (from < waiting.Count && (int)waiting[from].Priority != priority)
            from++;
        return from;
    }

    // Asked for the head of a lower priority against that of a higher one: only seeming older lets it precede.
    private static bool Precedes(WaitingRun lower, WaitingRun higher, double? meanSeconds) =>
        meanSeconds is { } mean && (higher.Since - lower.Since).TotalSeconds > (HeadStart(higher.Priority) - HeadStart(lower.Priority)) * mean;

    private static double HeadStart(TaskPriority priority) => priority switch
    {
        TaskPriority.High => HighHeadStart,
        TaskPriority.Normal => NormalHeadStart,
        _ => 0,
    };
}
