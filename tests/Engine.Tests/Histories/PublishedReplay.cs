using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Headgate.Engine.Replay;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Protobuf;
using Microsoft.DurableTask.Worker.Grpc;

namespace Headgate.Engine.Tests.Histories;

/// <summary>
/// Replays recorded runs through the replayer that runs in Azure. It gets our history as its own events and must ask for the recorded
/// actions under the same numbers.
/// </summary>
internal static class PublishedReplay
{
    /// <returns>Where the published replayer leaves the recorded path; null if it doesn't.</returns>
    public static string? Breach<TInput>(RecordedRun run, Func<TaskOrchestrationContext, Task<object?>> orchestrator)
    {
        foreach (var (generation, number) in run.Generations.Select((generation, number) => (generation, number + 1)))
        {
            for (var turn = 0; turn < generation.Turns.Count; turn++)
            {
                var expected = Expected(generation, turn);
                var asked = Asked<TInput>(Request(run, generation, turn), orchestrator);
                if (!expected.SequenceEqual(asked, StringComparer.Ordinal))
                    return $"generation {number}, turn {turn + 1}: recorded {Text(expected)}, asked {Text(asked)}";
            }
        }

        return null;
    }

    private static OrchestratorRequest Request(RecordedRun run, RecordedGeneration generation, int turn)
    {
        var due = new Dictionary<int, DateTime>();
        var request = new OrchestratorRequest { InstanceId = run.InstanceId, ExecutionId = "1" };
        for (var n = 0; n <= turn; n++)
        {
            var one = generation.Turns[n];
            var events = n < turn ? request.PastEvents : request.NewEvents;
            var time = Timestamp.FromDateTime(one.Came[0].Time!.Value);
            events.AddRange(one.Came.Select(came => Came(came, due)));
            if (n == 0)
                events.Insert(1, Started(run, generation));
            if (n < turn)
            {
                events.AddRange(one.Asked.Select(asked => Scheduled(asked, due)));
                events.Add(new HistoryEvent { EventId = -1, OrchestratorCompleted = new() });
            }

            foreach (var happened in events)
                happened.Timestamp ??= time;
        }

        return request;
    }

    private static HistoryEvent Started(RecordedRun run, RecordedGeneration generation) => new()
    {
        EventId = -1,
        ExecutionStarted = new()
        {
            Name = run.Orchestrator,
            Input = generation.Input,
            OrchestrationInstance = new() { InstanceId = run.InstanceId, ExecutionId = "1" },
        },
    };

    private static HistoryEvent Came(RecordedEvent one, Dictionary<int, DateTime> due)
    {
        var happened = new HistoryEvent { EventId = -1 };
        switch (one.Kind)
        {
            case "turn":
                happened.OrchestratorStarted = new();
                break;
            case "succeeded":
                happened.TaskCompleted = new() { TaskScheduledId = one.Task!.Value, Result = one.Text };
                break;
            case "failed":
                happened.TaskFailed = new() { TaskScheduledId = one.Task!.Value, FailureDetails = new() { ErrorType = one.Name, ErrorMessage = one.Text } };
                break;
            case "fired":
                happened.TimerFired = new() { TimerId = one.Task!.Value, FireAt = Timestamp.FromDateTime(due[one.Task.Value]) };
                break;
            case "raised":
                happened.EventRaised = new() { Name = one.Name, Input = one.Text };
                break;
            default:
                throw new InvalidDataException($"A recorded event is of unknown kind '{one.Kind}'.");
        }

        return happened;
    }

    private static HistoryEvent Scheduled(RecordedEvent one, Dictionary<int, DateTime> due)
    {
        if (one.Kind == "activity")
            return new() { EventId = one.Task!.Value, TaskScheduled = new() { Name = one.Name, Input = Arguments(one.Text) } };
        due[one.Task!.Value] = one.Time!.Value;
        return new() { EventId = one.Task.Value, TimerCreated = new() { FireAt = Timestamp.FromDateTime(one.Time.Value) } };
    }

    private static List<string> Expected(RecordedGeneration generation, int turn)
    {
        var actions = generation.Turns[turn].Asked.Select(one => one.Kind == "activity" ? Activity(one.Task!.Value, one.Name, Arguments(one.Text)) : Timer(one.Task!.Value, one.Time!.Value)).ToList();
        if (turn == generation.Turns.Count - 1)
            actions.Add(End(generation.End == TurnEnd.ContinuedAsNew ? OrchestrationStatus.ContinuedAsNew : OrchestrationStatus.Completed, generation.Output));
        return actions;
    }

    private static List<string> Asked<TInput>(OrchestratorRequest request, Func<TaskOrchestrationContext, Task<object?>> orchestrator)
    {
        var response = GrpcOrchestrationRunner.LoadAndRun<TInput, object>(request.ToByteString().ToBase64(), (context, _) => orchestrator(context));
        return [.. OrchestratorResponse.Parser.ParseFrom(Convert.FromBase64String(response)).Actions.Select(Describe)];
    }

    private static string Describe(OrchestratorAction action) => action switch
    {
        { ScheduleTask: { } task } => Activity(action.Id, task.Name, task.Input),
        { CreateTimer: { } timer } => Timer(action.Id, timer.FireAt.ToDateTime()),
        { CompleteOrchestration: { FailureDetails: { } failure } } => $"failure {failure.ErrorMessage}",
        { CompleteOrchestration: { } end } => End(end.OrchestrationStatus, end.Result),
        _ => action.ToString(),
    };

    /// <summary>The published replayer sends an activity's input as a list of one element.</summary>
    private static string Arguments(string? input) => $"[{input ?? "null"}]";

    private static string Activity(int id, string? name, string? input) => $"activity {id} {name} {Bare(input)}";

    private static string Timer(int id, DateTime due) => $"timer {id} {due:O}";

    private static string End(OrchestrationStatus status, string? output) => $"{status} {Bare(output)}";

    /// <summary>For the published replayer, null is a result; for ours it is none.</summary>
    private static string Bare(string? text) => text is null or "null" ? "nothing" : text;

    private static string Text(List<string> actions) => actions.Count == 0 ? "nothing" : string.Join(", ", actions);
}
