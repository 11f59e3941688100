using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Headgate.Functions.Runs;

/// <summary>
/// One instance a run, its id the run's. It only waits: every decision is the activity's, which reads the rows. An event or the
/// wake time starts the next look; whatever was missed is found by looking.
/// </summary>
public static class RunOrchestration
{
    public const string Name = "RunOrchestration";

    /// <summary>Something about the run has changed.</summary>
    public const string ChangedEvent = "changed";

    /// <summary>Looks before the history is cut short by continuing as new.</summary>
    public const int LooksPerGeneration = 50;

    // A store that is away or contended for a moment must not end the instance; one that stays away is left to maintenance.
    private static readonly TaskOptions Patiently = TaskOptions.FromRetryPolicy(new RetryPolicy(5, TimeSpan.FromSeconds(1), 2));

    [Function(Name)]
    public static async Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var run = context.GetInput<RunReference>() ?? throw new InvalidOperationException("A run orchestration was started without its run.");
        Task<object?>? changed = null;
        for (var look = 0; look < LooksPerGeneration; look++)
        {
            var next = await context.CallActivityAsync<NextLook>(AdvanceRun.Name, run, Patiently);
            if (next.Ended)
                return;
            changed ??= NextChange(context);
            if (next.WakeAt is { } at && !changed.IsCompleted && await TimeComesFirstAsync(context, changed, at))
                continue;
            await changed;
            changed = Drain(context);
        }

        context.ContinueAsNew(run);
    }

    /// <returns>Whether the time came before the change. The wait for the change then stands: a cancelled one could swallow the event.</returns>
    private static async Task<bool> TimeComesFirstAsync(TaskOrchestrationContext context, Task changed, DateTime at)
    {
        using var changeCame = new CancellationTokenSource();
        var timer = context.CreateTimer(at, changeCame.Token);
        if (await Task.WhenAny(changed, timer) == timer)
            return true;
        changeCame.Cancel();
        return false;
    }

    // One look serves all changes that have come so far; what is left is the wait for the next.
    private static Task<object?> Drain(TaskOrchestrationContext context)
    {
        Task<object?> next;
        do
            next = NextChange(context);
        while (next.IsCompleted);
        return next;
    }

    private static Task<object?> NextChange(TaskOrchestrationContext context) => context.WaitForExternalEvent<object?>(ChangedEvent);
}
