using Headgate.Core.Admission;

namespace Headgate.Functions.Admission;

/// <summary>Where a run stands in its tenant's queue.</summary>
/// <param name="Position">From 1, in the order in which those that wait would start now.</param>
/// <param name="EstimatedStartAt">Null while nothing is known.</param>
public sealed record QueuePlace(int Position, DateTimeOffset? EstimatedStartAt)
{
    /// <summary>Null where the run does not wait.</summary>
    public static QueuePlace? Of(string runId, Ledger ledger, IReadOnlyList<WaitingRun> waiting, DateTimeOffset now) =>
        WaitOrder.PositionOf(runId, waiting, WaitOrder.MeanWaitSeconds(ledger, now)) is { } position
            ? new QueuePlace(position, SlotForecast.StartOf(ledger, position, now))
            : null;

    /// <summary>Of all that wait, by run.</summary>
    public static IReadOnlyDictionary<string, QueuePlace> All(Ledger ledger, IReadOnlyList<WaitingRun> waiting, DateTimeOffset now)
    {
        var places = new Dictionary<string, QueuePlace>(waiting.Count, StringComparer.Ordinal);
        var starts = SlotForecast.StartsOf(ledger, waiting.Count, now);
        foreach (var run in WaitOrder.First(waiting, WaitOrder.MeanWaitSeconds(ledger, now), waiting.Count))
            places[run.RunId] = new QueuePlace(places.Count + 1, starts[places.Count]);
        return places;
    }
}
