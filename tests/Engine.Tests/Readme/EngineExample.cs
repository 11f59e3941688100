using System.Diagnostics.CodeAnalysis;
using Headgate.Ports;
using Headgate.Storage;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Engine.Tests.Readme;

/// <summary>The example of src/Engine/README.md.</summary>
internal static class EngineExample
{
    public static async Task<string?> RunAsync(string folder)
    {
        await using var store = EmbeddedStore.Open(
            folder,
            TimeProvider.System,
            failed: problem => Environment.FailFast("The disk refused a write.", problem),
            clients: DurableEngine.LogClient);
        using var engine = new DurableEngine(
            store.Database,
            store.Log,
            new Greetings(),
            new(),
            TimeProvider.System,
            new SystemRandom(),
            NullLoggerFactory.Instance);
        await engine.StartAsync(CancellationToken.None);

        // The orchestrator and its activity are found by name; whatever a killed process had begun goes on by itself.
        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("Greet", "Ada");
        var ended = await engine.Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true);

        await engine.StopAsync(CancellationToken.None);
        return ended.ReadOutputAs<string>();
    }

    private sealed class Greetings : IDurableFunctions
    {
        public bool TryGetOrchestrator(
            string name, [NotNullWhen(true)] out Func<TaskOrchestrationContext, Task<object?>>? orchestrator)
        {
            orchestrator = name == "Greet"
                ? async context => await context.CallActivityAsync<string>("SayHello", context.GetInput<string>())
                : null;
            return orchestrator is not null;
        }

        public bool TryGetActivity(
            string name, [NotNullWhen(true)] out Func<ActivityInvocation, Task<object?>>? activity)
        {
            activity = name == "SayHello"
                ? call => Task.FromResult<object?>($"Hello, {call.ReadInput(typeof(string))}!")
                : null;
            return activity is not null;
        }
    }
}
