using Headgate.Engine.History;
using Microsoft.DurableTask;

namespace Headgate.Engine.Replay;

/// <summary>How a turn left the orchestration.</summary>
internal enum TurnEnd
{
    Waiting,

    Completed,

    Failed,

    ContinuedAsNew,
}

/// <summary>What a turn decided.</summary>
/// <param name="End">How it left the orchestration.</param>
/// <param name="Actions">What it asked for, in order.</param>
/// <param name="OpenTimers">Timers neither fired nor cancelled.</param>
internal sealed record TurnOutcome(TurnEnd End, IReadOnlyList<ActionEvent> Actions, TimerSet[] OpenTimers)
{
    /// <summary>The part of the news that the orchestrator took, for the history.</summary>
    public IReadOnlyList<HistoryEvent> News { get; init; } = [];

    /// <summary>The output, or the input of the next generation.</summary>
    public string? Output { get; init; }

    public TaskFailureDetails? Failure { get; init; }

    /// <summary>Whether replay left the recorded history.</summary>
    public bool LeftItsPath { get; init; }

    /// <summary>Events for the next generation, oldest first.</summary>
    public IReadOnlyList<EventRaised> HandedOn { get; init; } = [];

    /// <summary>Whether this turn set the custom status.</summary>
    public bool StatusSet { get; init; }

    public string? CustomStatus { get; init; }
}
