using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Headgate.Conformance.Durable;

/// <summary>
/// What every engine behind <see cref="DurableTaskClient"/> and <see cref="TaskOrchestrationContext"/> does. A subclass gives an empty
/// task hub whose worker runs <see cref="Script"/>, and a clock; it may begin to work when <see cref="Client"/> is first asked for.
/// </summary>
public abstract partial class DurableConformance
{
    protected static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    protected DurableScript Script { get; } = new();

    protected abstract DurableTaskClient Client { get; }

    protected abstract DateTimeOffset Now { get; }

    /// <summary>How long a test waits, on the system's clock, for what must come.</summary>
    protected virtual TimeSpan Patience => TestKit.Patience.Limit;

    protected abstract Task AdvanceAsync(TimeSpan by);

    /// <summary>Waits until the instance has taken all that it was sent and can only wait for time or others.</summary>
    protected abstract Task UntilIdleAsync(string id = "main");

    /// <summary>Ends the worker in order and starts another on the same task hub.</summary>
    protected abstract Task RestartAsync();

    /// <summary>What the worker's loggers of a category have said, oldest first.</summary>
    protected abstract IEnumerable<string> Logged(string category);

    protected Task<string> StartMainAsync(object? input = null, string id = "main") => StartAsync("Main", id, input);

    protected Task<string> StartAsync(string name, string id, object? input = null) =>
        Client.ScheduleNewOrchestrationInstanceAsync(name, input, new StartOrchestrationOptions(id));

    protected Task<OrchestrationMetadata> EndAsync(string id = "main") =>
        Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true).WaitAsync(Patience);

    protected async Task<OrchestrationMetadata> RunMainAsync(object? input = null, string id = "main")
    {
        await StartMainAsync(input, id);
        return await EndAsync(id);
    }

    /// <summary>Moves the clock step by step until the orchestration has ended.</summary>
    protected async Task<OrchestrationMetadata> AdvanceUntilEndAsync(TimeSpan step, string id = "main")
    {
        var end = EndAsync(id);
        while (!end.IsCompleted)
        {
            await UntilIdleAsync(id);
            await AdvanceAsync(step);
        }

        return await end;
    }

    protected async Task<OrchestrationRuntimeStatus?> StatusAsync(string id = "main") => (await Client.GetInstanceAsync(id))?.RuntimeStatus;

    /// <summary>Waits until the orchestrator has set this custom status.</summary>
    protected Task ReachAsync(string status, string id = "main") => UntilAsync(id, row => row?.ReadCustomStatusAs<string>() == status);

    protected Task ReachAsync(OrchestrationRuntimeStatus status, string id = "main") => UntilAsync(id, row => row?.RuntimeStatus == status);

    /// <summary>Waits for an event that nobody raises.</summary>
    protected static async Task<object?> Forever(TaskOrchestrationContext context) => await context.WaitForExternalEvent<string>("never");

    protected static SubOrchestrationOptions Named(string id) => new(instanceId: id);

    private async Task UntilAsync(string id, Predicate<OrchestrationMetadata?> suits)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!suits(await Client.GetInstanceAsync(id, getInputsAndOutputs: true, limit.Token)))
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
