using System.Text.Json;
using System.Text.Json.Serialization;
using Headgate.Engine.History;
using Headgate.Engine.Instances;
using Headgate.Engine.Replay;

namespace Headgate.Engine.Tests.Histories;

/// <summary>The whole history of an orchestration, as stored in a file.</summary>
internal sealed record RecordedRun(string Orchestrator, string InstanceId, IReadOnlyList<RecordedGeneration> Generations)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static RecordedRun Read(string path) => JsonSerializer.Deserialize<RecordedRun>(File.ReadAllText(path), Json)!;

    public void Save(string path) => File.WriteAllText(path, JsonSerializer.Serialize(this, Json) + "\n");

    public static RecordedRun Of(IReadOnlyList<(InstanceRow Row, TurnOutcome Outcome)> turns)
    {
        var generations = turns.GroupBy(turn => turn.Row.Execution).Select(turns => new RecordedGeneration(
            turns.First().Row.Input,
            [.. turns.Select(turn => new RecordedTurn([.. turn.Outcome.News.Select(RecordedEvent.Of)], [.. turn.Outcome.Actions.Select(RecordedEvent.Of)]))],
            turns.Last().Outcome.End,
            turns.Last().Outcome.Output));
        return new(turns[0].Row.Name, turns[0].Row.Id, [.. generations]);
    }
}

/// <summary>The part of a history up to the end or the next continue-as-new.</summary>
/// <param name="Input">Serialized.</param>
/// <param name="Turns">In order.</param>
/// <param name="End">How the last turn ended.</param>
/// <param name="Output">The result, or the input of the next generation.</param>
internal sealed record RecordedGeneration(
    string? Input, IReadOnlyList<RecordedTurn> Turns, [property: JsonConverter(typeof(JsonStringEnumConverter<TurnEnd>))] TurnEnd End, string? Output);

/// <param name="Came">What the turn took: its time, then answers, timers and events.</param>
/// <param name="Asked">What the orchestrator asked for.</param>
internal sealed record RecordedTurn(IReadOnlyList<RecordedEvent> Came, IReadOnlyList<RecordedEvent> Asked);

internal sealed record RecordedEvent(string Kind, int? Task = null, string? Name = null, string? Text = null, DateTime? Time = null)
{
    public static RecordedEvent Of(HistoryEvent one) => one switch
    {
        TurnStarted e => new("turn", Time: e.Time),
        TaskSucceeded e => new("succeeded", e.TaskId, Text: e.Result),
        TaskFailed e => new("failed", e.TaskId, e.Failure.ErrorType, e.Failure.ErrorMessage),
        TimerFired e => new("fired", e.TaskId),
        EventRaised e => new("raised", Name: e.Name, Text: e.Payload),
        ActivityScheduled e => new("activity", e.TaskId, e.Name, e.Input),
        TimerSet e => new("timer", e.TaskId, Time: e.Due),
        _ => throw new NotSupportedException($"No recorded history has held {one.GetType().Name} so far; say here how it is written."),
    };

    public HistoryEvent ToEvent() => Kind switch
    {
        "turn" => new TurnStarted(Time!.Value),
        "succeeded" => new TaskSucceeded(Task!.Value, Text),
        "failed" => new TaskFailed(Task!.Value, Failures.Named(Name!, Text!)),
        "fired" => new TimerFired(Task!.Value),
        "raised" => new EventRaised(0, Name!, Text),
        "activity" => new ActivityScheduled(Task!.Value, Name!, Text),
        "timer" => new TimerSet(Task!.Value, Time!.Value),
        _ => throw new InvalidDataException($"A recorded event is of unknown kind '{Kind}'."),
    };
}
