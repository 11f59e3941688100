using System.Diagnostics.CodeAnalysis;
using Microsoft.DurableTask;

namespace Headgate.Engine;

/// <summary>The orchestrators and activities the engine may call, by name without regard to case. Safe for concurrent use.</summary>
public interface IDurableFunctions
{
    /// <summary>An orchestrator; its result is serialised by the engine.</summary>
    bool TryGetOrchestrator(string name, [NotNullWhen(true)] out Func<TaskOrchestrationContext, Task<object?>>? orchestrator);

    /// <summary>An activity; its result is serialised by the engine, what it throws reaches the orchestrator as <see cref="TaskFailedException"/>.</summary>
    bool TryGetActivity(string name, [NotNullWhen(true)] out Func<ActivityInvocation, Task<object?>>? activity);
}
