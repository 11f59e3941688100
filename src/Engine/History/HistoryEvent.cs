using Microsoft.DurableTask;

namespace Headgate.Engine.History;

/// <summary>Something an orchestration has lived through. A closed set: <see cref="HistoryCodec"/> writes and reads every kind.</summary>
internal abstract record HistoryEvent;

/// <summary>A turn began; its time is the orchestrator's clock until the next.</summary>
internal sealed record TurnStarted(DateTime Time) : HistoryEvent;

/// <summary>An activity or sub-orchestration answered.</summary>
internal sealed record TaskSucceeded(int TaskId, string? Result) : HistoryEvent;

/// <summary>An activity or sub-orchestration failed.</summary>
internal sealed record TaskFailed(int TaskId, TaskFailureDetails Failure) : HistoryEvent;

/// <summary>A timer came due.</summary>
internal sealed record TimerFired(int TaskId) : HistoryEvent;

/// <summary>An external event came in. <paramref name="Number"/> is its place in the inbox, kept for handing it on to a next generation.</summary>
internal sealed record EventRaised(long Number, string Name, string? Payload) : HistoryEvent;

/// <summary>The instance is to be held.</summary>
internal sealed record SuspendAsked : HistoryEvent;

/// <summary>The instance is to go on.</summary>
internal sealed record ResumeAsked : HistoryEvent;

/// <summary>The instance is to end.</summary>
internal sealed record TerminateAsked(string? Output, bool Recursive) : HistoryEvent;

/// <summary>Something not durable that the orchestrator awaited came back after its turn. Never on disk.</summary>
internal sealed record ForeignAwaitSeen : HistoryEvent;
