using Headgate.Engine.History;
using Headgate.Engine.Replay;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Engine.Tests.Histories;

/// <summary>Replays recorded runs against today's orchestrator.</summary>
internal static class HistoryReplay
{
    /// <returns>Where the orchestrator leaves the recorded path; null if it doesn't.</returns>
    public static string? Breach(RecordedRun run, Func<TaskOrchestrationContext, Task<object?>> orchestrator)
    {
        foreach (var (generation, number) in run.Generations.Select((generation, number) => (generation, number + 1)))
        {
            // As processes that resume the instance after each of its turns, the last turn included.
            for (var turn = 0; turn <= generation.Turns.Count; turn++)
            {
                if (Breach(run, generation, turn, orchestrator) is { } breach)
                    return $"generation {number}: {breach}";
            }
        }

        return null;
    }

    private static string? Breach(RecordedRun run, RecordedGeneration generation, int turn, Func<TaskOrchestrationContext, Task<object?>> orchestrator)
    {
        var history = generation.Turns.Take(turn).SelectMany(one => one.Came.Concat(one.Asked)).Select(one => one.ToEvent()).ToList();
        var next = generation.Turns.ElementAtOrDefault(turn);
        var outcome = OrchestrationTurn.Run(new()
        {
            InstanceId = run.InstanceId,
            Name = run.Orchestrator,
            Parent = null,
            Input = generation.Input,
            Orchestrator = orchestrator,
            History = history,
            News = [.. next?.Came.Select(one => one.ToEvent()) ?? []],
            Converter = JsonDataConverter.Default,
            Loggers = NullLoggerFactory.Instance,
        });
        if (outcome.Failure is { } failure && generation.End != TurnEnd.Failed)
            return failure.ErrorMessage;
        if (next is not null && Difference(next, outcome.Actions, history.Count + next.Came.Count) is { } difference)
            return difference;
        var last = turn >= generation.Turns.Count - 1;
        var (end, output) = last ? (generation.End, generation.Output) : (TurnEnd.Waiting, null);
        return (outcome.End, outcome.Output) == (end, output) ? null : $"expected {end} with {output ?? "nothing"}, got {outcome.End} with {outcome.Output ?? "nothing"}, after turn {turn + 1}";
    }

    private static string? Difference(RecordedTurn recorded, IReadOnlyList<ActionEvent> asked, int position)
    {
        var expected = recorded.Asked.Select(one => (ActionEvent)one.ToEvent()).ToList();
        for (var n = 0; n < Math.Max(expected.Count, asked.Count); n++)
        {
            var (then, now) = (expected.ElementAtOrDefault(n), asked.ElementAtOrDefault(n));
            if (then is null || now is null || !then.SameAs(now))
                return new NondeterminismException(then?.Description ?? "nothing more in this turn", now?.Description ?? "nothing", position + n).Message;
        }

        return null;
    }
}
