using System.Text.Json.Nodes;
using DurableTask.Core.History;

namespace Headgate.Durable.Tests.Runs;

/// <summary>What an orchestration asked and got, as text without numbers and times, to compare two engines.</summary>
internal static class RecordedPaths
{
    /// <summary>
    /// The path of a recorded history, without turns that continue as new: Microsoft's engine doesn't keep those, since the next generation
    /// replaces the history.
    /// </summary>
    public static List<string> Recorded(string file)
    {
        var generations = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Histories", file)))!["generations"]!.AsArray();
        return
        [
            .. from generation in generations
               let turns = generation!["turns"]!.AsArray()
               from turn in turns.Take(generation == generations[^1] ? turns.Count : turns.Count - 1)
               from one in turn!["came"]!.AsArray().Skip(1).Concat(turn["asked"]!.AsArray())
               select Describe((string)one!["kind"]!, (string?)one["name"]),
        ];
    }

    /// <summary>The path in the history of Microsoft's engine.</summary>
    public static List<string> Written(IEnumerable<HistoryEvent> events) => [.. events.Select(Describe).OfType<string>()];

    private static string Describe(string kind, string? name) => kind switch
    {
        "activity" => $"asked activity {name}",
        "timer" => "asked timer",
        "raised" => $"event {name}",
        _ => kind,
    };

    private static string? Describe(HistoryEvent one) => one switch
    {
        TaskScheduledEvent task => Describe("activity", task.Name),
        TimerCreatedEvent => Describe("timer", null),
        EventRaisedEvent raised => Describe("raised", raised.Name),
        TaskCompletedEvent => "succeeded",
        TaskFailedEvent => "failed",
        TimerFiredEvent => "fired",
        _ => null,
    };
}
