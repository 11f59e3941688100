using System.Diagnostics.CodeAnalysis;
using Microsoft.DurableTask;

namespace Headgate.Engine;

/// <summary>The orchestrators and activities that the engine may call, by name ignoring case. Safe for concurrent use.</summary>
public interface IDurableFunctions
{
    /// <summary>Finds an orchestrator. The engine serializes its result.</summary>
    bool TryGetOrchestrator(string name, [NotNullWhen(true)] out Func<TaskOrchestrationContext, Task<object?>>? orchestrator);

    /// <summary>Finds an activity. The engine serializes its result; what it throws reaches the orchestrator as <see cref="TaskFailedException"/>.</summary>
    bool TryGetActivity(string name, [NotNullWhen(true)] out Func<ActivityInvocation, Task<object?>>? activity);
}
