using Headgate.Engine.History;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace Headgate.Engine.Replay;

/// <summary>All input of a turn.</summary>
internal sealed record TurnRequest
{
    public required string InstanceId { get; init; }

    /// <summary>The instance's execution; only <see cref="ForeignAwait"/> needs it.</summary>
    public long Execution { get; init; }

    public required string Name { get; init; }

    public required ParentOrchestrationInstance? Parent { get; init; }

    public required string? Input { get; init; }

    public required Func<TaskOrchestrationContext, Task<object?>> Orchestrator { get; init; }

    /// <summary>The events of earlier turns of this generation.</summary>
    public required IReadOnlyList<HistoryEvent> History { get; init; }

    /// <summary>A <see cref="TurnStarted"/>, then this turn's answers and events, then fired timers.</summary>
    public required IReadOnlyList<HistoryEvent> News { get; init; }

    /// <summary>How far the orchestrator's time is ahead of the wall clock: zero unless that was set back since the latest turn.</summary>
    public TimeSpan AheadOfWall { get; init; }

    /// <summary>How far the engine's clock is ahead of the orchestrator's time.</summary>
    public TimeSpan EngineAhead { get; init; }

    public required DataConverter Converter { get; init; }

    public required ILoggerFactory Loggers { get; init; }

    /// <summary>Whether replay serializes inputs although the history has them; see <see cref="OrchestrationTurn.Run"/>.</summary>
    public bool WritesInputs { get; init; }

    /// <summary>Called on any thread when something not durable that the orchestrator awaited completes after the turn.</summary>
    public Action<TurnRequest>? ForeignAwait { get; init; }
}
