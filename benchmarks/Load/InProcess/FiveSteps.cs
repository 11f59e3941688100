using System.Diagnostics.CodeAnalysis;
using Headgate.Engine;
using Microsoft.DurableTask;

namespace Headgate.Load.InProcess;

/// <summary>A workflow of five activities, one after the other, each of which adds one to what the last has given.</summary>
internal sealed class FiveSteps : IDurableFunctions
{
    public const string Workflow = "FiveSteps";
    public const int Steps = 5;
    private const string Step = "AddOne";

    public bool TryGetOrchestrator(string name, [NotNullWhen(true)] out Func<TaskOrchestrationContext, Task<object?>>? orchestrator)
    {
        orchestrator = name == Workflow ? RunAsync : null;
        return orchestrator is not null;
    }

    public bool TryGetActivity(string name, [NotNullWhen(true)] out Func<ActivityInvocation, Task<object?>>? activity)
    {
        activity = name == Step ? AddOne : null;
        return activity is not null;
    }

    private static async Task<object?> RunAsync(TaskOrchestrationContext context)
    {
        var number = 0;
        for (var i = 0; i < Steps; i++)
            number = await context.CallActivityAsync<int>(Step, number);
        return number;
    }

    private static Task<object?> AddOne(ActivityInvocation call) => Task.FromResult<object?>((int)call.ReadInput(typeof(int))! + 1);
}
