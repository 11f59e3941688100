using BenchmarkDotNet.Attributes;
using Headgate.Engine.History;
using Headgate.Engine.Replay;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Micro;

/// <summary>One turn of an orchestrator that calls activities in a row: all but the last have answered before, the last answers now.</summary>
public class ReplayBenchmarks
{
    private TurnRequest? _last;

    [Params(1, 10, 100)]
    public int Activities { get; set; }

    /// <summary>Lives through the orchestration turn by turn, so that the history is the engine's own.</summary>
    [GlobalSetup]
    public void Live()
    {
        List<HistoryEvent> history = [];
        List<HistoryEvent> news = [new TurnStarted(DateTime.UnixEpoch)];
        for (var answered = 0; answered < Activities; answered++)
        {
            var outcome = OrchestrationTurn.Run(Request(history, news));
            if (outcome.End != TurnEnd.Waiting || outcome.Actions is not [ActivityScheduled asked])
                throw new InvalidOperationException($"Turn {answered} ended {outcome.End}: {outcome.Failure?.ErrorMessage}");
            history.AddRange(outcome.News);
            history.AddRange(outcome.Actions);
            news = [new TurnStarted(DateTime.UnixEpoch), new TaskSucceeded(asked.TaskId, $"{answered + 1}")];
        }

        _last = Request(history, news);
    }

    [Benchmark]
    public object? Turn()
    {
        var outcome = OrchestrationTurn.Run(_last!);
        return outcome.End == TurnEnd.Completed ? outcome.Output : throw new InvalidOperationException($"The turn ended {outcome.End}");
    }

    private TurnRequest Request(IReadOnlyList<HistoryEvent> history, IReadOnlyList<HistoryEvent> news) => new()
    {
        InstanceId = "measured",
        Name = "Measured",
        Parent = null,
        Input = null,
        Orchestrator = RunAsync,
        History = history,
        News = news,
        Converter = JsonDataConverter.Default,
        Loggers = NullLoggerFactory.Instance,
    };

    private async Task<object?> RunAsync(TaskOrchestrationContext context)
    {
        var number = 0;
        for (var i = 0; i < Activities; i++)
            number = await context.CallActivityAsync<int>("AddOne", number);
        return number;
    }
}
