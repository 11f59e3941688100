using Headgate.Engine.History;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace Headgate.Engine.Replay;

/// <summary>All that a turn depends on.</summary>
internal sealed record TurnRequest
{
    public required string InstanceId { get; init; }

    /// <summary>Which execution of the instance it is, for whoever is told of a foreign await.</summary>
    public long Execution { get; init; }

    public required string Name { get; init; }

    public required ParentOrchestrationInstance? Parent { get; init; }

    public required string? Input { get; init; }

    public required Func<TaskOrchestrationContext, Task<object?>> Orchestrator { get; init; }

    /// <summary>What earlier turns of this generation have written.</summary>
    public required IReadOnlyList<HistoryEvent> History { get; init; }

    /// <summary>What this turn adds: a <see cref="TurnStarted"/>, then answers, timers and events.</summary>
    public required IReadOnlyList<HistoryEvent> News { get; init; }

    /// <summary>By how much the orchestrator's clock is ahead of the wall: by what that was set back since the latest turn, or nothing.</summary>
    public TimeSpan AheadOfWall { get; init; }

    /// <summary>By how much the engine's clock is ahead of the orchestrator's.</summary>
    public TimeSpan EngineAhead { get; init; }

    public required DataConverter Converter { get; init; }

    public required ILoggerFactory Loggers { get; init; }

    /// <summary>Whether replay makes the texts of inputs again, which the history holds: only an input that cannot be written needs that.</summary>
    public bool WritesInputs { get; init; }

    /// <summary>Called, on any thread, when something not durable that the orchestrator awaited comes back after the turn.</summary>
    public Action<TurnRequest>? ForeignAwait { get; init; }
}
