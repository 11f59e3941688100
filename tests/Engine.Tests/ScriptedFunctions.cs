using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Headgate.Conformance.Durable;
using Headgate.Engine;
using Microsoft.DurableTask;

namespace Headgate.Engine.Tests;

/// <summary>Orchestrators and activities that a test defines.</summary>
internal sealed class ScriptedFunctions(DurableScript script) : IDurableFunctions
{
    private readonly ConcurrentDictionary<string, Func<ActivityInvocation, Task<object?>>> _calls = new(StringComparer.OrdinalIgnoreCase);

    public ScriptedFunctions()
        : this(new())
    {
    }

    /// <summary>The test's main orchestrator.</summary>
    public Func<TaskOrchestrationContext, Task<object?>> Main
    {
        set => script.Main = value;
    }

    /// <summary>If set, thrown when the engine looks for an orchestrator: a fault inside a turn.</summary>
    public Exception? Fault { get; set; }

    /// <summary>Called when the engine looks for an orchestrator.</summary>
    public Action? Looked { get; set; }

    public ScriptedFunctions Orchestrator(string name, Func<TaskOrchestrationContext, Task<object?>> body)
    {
        script.Orchestrator(name, body);
        return this;
    }

    /// <summary>An activity that sees the engine's own call.</summary>
    public ScriptedFunctions Call(string name, Func<ActivityInvocation, Task<object?>> body)
    {
        _calls[name] = body;
        return this;
    }

    /// <summary>An activity that takes and returns a text.</summary>
    public ScriptedFunctions Activity(string name, Func<string, string> body)
    {
        script.Activity(name, body);
        return this;
    }

    public bool TryGetOrchestrator(string name, [NotNullWhen(true)] out Func<TaskOrchestrationContext, Task<object?>>? orchestrator)
    {
        Looked?.Invoke();
        return Fault is { } fault ? throw fault : script.Orchestrators.TryGetValue(name, out orchestrator);
    }

    public bool TryGetActivity(string name, [NotNullWhen(true)] out Func<ActivityInvocation, Task<object?>>? activity)
    {
        if (_calls.TryGetValue(name, out activity))
            return true;
        activity = script.Activities.TryGetValue(name, out var scripted) ? call => scripted.Body(call, call.ReadInput(scripted.Input)) : null;
        return activity is not null;
    }
}
