using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Headgate.Functions.Runs.Redrive;

/// <param name="TenantId">Whose dead letters.</param>
/// <param name="ReplayId">The replay.</param>
public sealed record ReplayReference(string TenantId, string ReplayId);

/// <summary>One instance a replay of many dead letters, its id the replay's. It only waits between the steps.</summary>
public static class ReplayOrchestration
{
    public const string Name = "ReplayOrchestration";

    /// <summary>Steps before the history is cut short by continuing as new.</summary>
    public const int StepsPerGeneration = 50;

    // A store that is away for a while must not end it: nobody would start it again.
    private static readonly TaskOptions Patiently = TaskOptions.FromRetryPolicy(new RetryPolicy(1000, TimeSpan.FromSeconds(1), 2, TimeSpan.FromMinutes(1)));

    [Function(Name)]
    public static async Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var replay = context.GetInput<ReplayReference>() ?? throw new InvalidOperationException("A replay was started without its name.");
        for (var step = 0; step < StepsPerGeneration; step++)
        {
            var next = await context.CallActivityAsync<NextLook>(ReplayStep.Name, replay, Patiently);
            if (next.Ended)
                return;
            if (next.WakeAt is { } at && at > context.CurrentUtcDateTime)
                await context.CreateTimer(at, CancellationToken.None);
        }

        context.ContinueAsNew(replay);
    }
}
