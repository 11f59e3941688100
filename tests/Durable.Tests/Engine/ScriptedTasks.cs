using Headgate.Conformance.Durable;
using Microsoft.DurableTask;

namespace Headgate.Durable.Tests.Engine;

/// <summary>Registers a script's functions with the engine's worker. Bodies are looked up at each call: a test may change them.</summary>
internal static class ScriptedTasks
{
    public static void Register(DurableTaskRegistry tasks, DurableScript script)
    {
        foreach (var name in script.Orchestrators.Keys)
            tasks.AddOrchestrator(name, () => new Orchestrator(context => script.Orchestrators[name](context)));
        foreach (var (name, activity) in script.Activities)
            tasks.AddActivity(name, new Activity(activity));
    }

    private sealed class Orchestrator(Func<TaskOrchestrationContext, Task<object?>> body) : ITaskOrchestrator
    {
        public Type InputType => typeof(object);

        public Type OutputType => typeof(object);

        public Task<object?> RunAsync(TaskOrchestrationContext context, object? input) => body(new UntypedContext(context, input));
    }

    private sealed class Activity(ScriptedActivity activity) : ITaskActivity
    {
        public Type InputType => activity.Input;

        public Type OutputType => typeof(object);

        public Task<object?> RunAsync(TaskActivityContext context, object? input) => activity.Body(context, input);
    }
}
