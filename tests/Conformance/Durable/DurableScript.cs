using System.Collections.Concurrent;
using Microsoft.DurableTask;

namespace Headgate.Conformance.Durable;

/// <summary>An activity written inside a test.</summary>
/// <param name="Input">What its input is read as.</param>
/// <param name="Body">Gets the input; null where none was given.</param>
public sealed record ScriptedActivity(Type Input, Func<TaskActivityContext, object?, Task<object?>> Body);

/// <summary>Orchestrators and activities written inside a test, by name without regard to case. May change while they are used.</summary>
public sealed class DurableScript
{
    public ConcurrentDictionary<string, Func<TaskOrchestrationContext, Task<object?>>> Orchestrators { get; } = new(StringComparer.OrdinalIgnoreCase);

    public ConcurrentDictionary<string, ScriptedActivity> Activities { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The orchestrator a test is about.</summary>
    public Func<TaskOrchestrationContext, Task<object?>> Main
    {
        set => Orchestrators["Main"] = value;
    }

    public DurableScript Orchestrator(string name, Func<TaskOrchestrationContext, Task<object?>> body)
    {
        Orchestrators[name] = body;
        return this;
    }

    /// <summary>An activity that takes and returns a text.</summary>
    public DurableScript Activity(string name, Func<string, string> body) => Activity<string>(name, (_, text) => Task.FromResult<object?>(body(text!)));

    public DurableScript Activity<T>(string name, Func<TaskActivityContext, T?, Task<object?>> body)
    {
        Activities[name] = new(typeof(T), (context, input) => body(context, (T?)input));
        return this;
    }
}
