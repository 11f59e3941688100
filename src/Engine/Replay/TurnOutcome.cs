using Headgate.Engine.History;
using Microsoft.DurableTask;

namespace Headgate.Engine.Replay;

/// <summary>How a turn left the orchestration.</summary>
internal enum TurnEnd
{
    /// <summary>It waits for an answer, a timer or an event.</summary>
    Waiting,

    /// <summary>It has returned.</summary>
    Completed,

    /// <summary>It has thrown.</summary>
    Failed,

    /// <summary>It goes on with a fresh history.</summary>
    ContinuedAsNew,
}

/// <summary>What a turn decided.</summary>
/// <param name="End">How it left the orchestration.</param>
/// <param name="Actions">What it asked for, in order.</param>
/// <param name="OpenTimers">The timers that still count.</param>
internal sealed record TurnOutcome(TurnEnd End, IReadOnlyList<ActionEvent> Actions, TimerSet[] OpenTimers)
{
    /// <summary>What of the news the orchestrator has seen, for the history.</summary>
    public IReadOnlyList<HistoryEvent> News { get; init; } = [];

    /// <summary>The output, or the input of the next generation.</summary>
    public string? Output { get; init; }

    /// <summary>Why it failed.</summary>
    public TaskFailureDetails? Failure { get; init; }

    /// <summary>Whether replay did not take the recorded path.</summary>
    public bool LeftItsPath { get; init; }

    /// <summary>Events for the next generation, oldest first.</summary>
    public IReadOnlyList<EventRaised> HandedOn { get; init; } = [];

    /// <summary>Whether this turn set the custom status.</summary>
    public bool StatusSet { get; init; }

    public string? CustomStatus { get; init; }
}
