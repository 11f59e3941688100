using Microsoft.DurableTask;

namespace Headgate.Engine.History;

/// <summary>One event of an orchestration's history. A closed set: <see cref="HistoryCodec"/> knows every kind that goes to disk.</summary>
internal abstract record HistoryEvent;

/// <summary>A turn began. Its time is the orchestrator's current time until the next turn.</summary>
internal sealed record TurnStarted(DateTime Time) : HistoryEvent;

/// <summary>An activity or sub-orchestration returned.</summary>
internal sealed record TaskSucceeded(int TaskId, string? Result) : HistoryEvent;

/// <summary>An activity or sub-orchestration failed.</summary>
internal sealed record TaskFailed(int TaskId, TaskFailureDetails Failure) : HistoryEvent;

internal sealed record TimerFired(int TaskId) : HistoryEvent;

/// <summary>An external event came in. <paramref name="Number"/> is its place in the inbox, kept in case a next generation gets it.</summary>
internal sealed record EventRaised(long Number, string Name, string? Payload) : HistoryEvent;

internal sealed record SuspendAsked : HistoryEvent;

internal sealed record ResumeAsked : HistoryEvent;

internal sealed record TerminateAsked(string? Output, bool Recursive) : HistoryEvent;

/// <summary>Something not durable that the orchestrator awaited completed after its turn. Never on disk.</summary>
internal sealed record ForeignAwaitSeen : HistoryEvent;
