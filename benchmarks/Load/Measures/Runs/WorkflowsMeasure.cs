using Headgate.Engine;
using Headgate.Load.Figures;
using Headgate.Load.InProcess;
using Headgate.Load.Rig;
using Headgate.Load.Wire;
using Headgate.LocalHost;
using Headgate.Ports;
using Headgate.Storage;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Load.Measures.Runs;

/// <summary>Durable workflows on the engine in this process. One counts when it is completed and everything it did is on disk.</summary>
internal sealed class WorkflowsMeasure : IMeasure
{
    public string Name => "workflows";

    public string Summary => "durable workflows of five activities in a row per second, in process";

    public IEnumerable<Reading> Run(Bench bench)
    {
        foreach (var callers in bench.Options.Clients)
        {
            bench.Progress($"workflows: {callers} callers");
            yield return MeasureAsync(bench, callers).GetAwaiter().GetResult();
        }
    }

    private static async Task<Reading> MeasureAsync(Bench bench, int callers)
    {
        using var folder = new TemporaryFolder(bench.Options.Data);
        await using var storage = EmbeddedStore.Open(folder.Path, TimeProvider.System, failure => Environment.FailFast("the disk refused a write", failure), clients: DurableEngine.LogClient);
        using var engine = new DurableEngine(
            storage.Database, storage.Log, new FiveSteps(), new(), TimeProvider.System, new SystemRandom(), NullLoggerFactory.Instance);
        await engine.StartAsync(CancellationToken.None);
        var rounds = CallerLoop.Run(callers, _ => OneAsync(engine.Client, storage), bench.Options);
        await engine.StopAsync(CancellationToken.None);
        var reading = Reading.Of("workflows", $"{FiveSteps.Steps} activities in a row, {Count.Of(callers, "caller")}", rounds);
        return reading with { ShareOfCommit = reading.PerSecond / bench.Limits.Commit(callers) };
    }

    private static async Task OneAsync(DurableTaskClient client, EmbeddedStore storage)
    {
        var id = await client.ScheduleNewOrchestrationInstanceAsync(FiveSteps.Workflow, input: null, options: null);
        var end = await client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true);
        if (end.RuntimeStatus != OrchestrationRuntimeStatus.Completed || end.ReadOutputAs<int>() != FiveSteps.Steps)
            throw new UnexpectedAnswerException($"a workflow ended {end.RuntimeStatus} with {end.SerializedOutput}");
        await storage.Log.FlushedAsync();
    }
}
