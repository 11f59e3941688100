using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Headgate.LocalHost.Durable;
using Microsoft.DurableTask;

namespace Headgate.LocalHost.Tests.Durable;

/// <summary>Orchestrators and activities written inside a test.</summary>
internal sealed class ScriptedFunctions : IDurableFunctions
{
    private readonly ConcurrentDictionary<string, Func<TaskOrchestrationContext, Task<object?>>> _orchestrators = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, Func<ActivityInvocation, Task<object?>>> _activities = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The orchestrator a test is about.</summary>
    public Func<TaskOrchestrationContext, Task<object?>> Main
    {
        set => _orchestrators["Main"] = value;
    }

    public ScriptedFunctions Orchestrator(string name, Func<TaskOrchestrationContext, Task<object?>> body)
    {
        _orchestrators[name] = body;
        return this;
    }

    public ScriptedFunctions Call(string name, Func<ActivityInvocation, Task<object?>> body)
    {
        _activities[name] = body;
        return this;
    }

    /// <summary>An activity that takes and returns a text.</summary>
    public ScriptedFunctions Activity(string name, Func<string, string> body) =>
        Call(name, call => Task.FromResult<object?>(body((string)call.ReadInput(typeof(string))!)));

    public bool TryGetOrchestrator(string name, [NotNullWhen(true)] out Func<TaskOrchestrationContext, Task<object?>>? orchestrator) =>
        _orchestrators.TryGetValue(name, out orchestrator);

    public bool TryGetActivity(string name, [NotNullWhen(true)] out Func<ActivityInvocation, Task<object?>>? activity) =>
        _activities.TryGetValue(name, out activity);
}
