using Headgate.Core.Failures;
using Headgate.Core.Retry;

namespace Headgate.Core.Runs;

/// <summary>The part of a task's row that decisions need.</summary>
/// <param name="Name">Unique in the run.</param>
/// <param name="Needs">Names of tasks that must complete first.</param>
/// <param name="Policy">Copied at admission; its MaxRetries is the task's retry budget.</param>
/// <param name="TimeoutSeconds">1..86400; the longest an attempt may run.</param>
/// <param name="Status">As stored.</param>
/// <param name="Attempt">The last attempt handed out; 0 before the first.</param>
/// <param name="RetriesGranted">Retries spent, a scheduled one included.</param>
/// <param name="LostAgentRetries">How many of those were for a lost agent.</param>
/// <param name="AgentId">The agent that holds it or held it last.</param>
/// <param name="AssignedAt">When the last attempt was handed out.</param>
/// <param name="NextRetryAt">Set while in backoff.</param>
/// <param name="LastErrorClass">Of the last failed attempt.</param>
/// <param name="LastErrorMessage">Of the last failed attempt.</param>
/// <param name="FinishedAt">When it reached a final state.</param>
/// <param name="Returns">Hand-outs that came back unused and cost no retry.</param>
/// <param name="AgentMilliseconds">How long agents held its attempts that are over, unused hand-outs apart; of each, no more than its timeout.</param>
/// <param name="RetriesStarted">Of the retries granted, those whose time has come; see <see cref="RetryBudgets"/>.</param>
/// <param name="IsPutOff">In backoff, and longer than that: its tenant had started as many retries in the minute as it may.</param>
public sealed record TaskState(
    string Name,
    IReadOnlyList<string> Needs,
    RetryPolicy Policy,
    int TimeoutSeconds,
    TaskStatus Status,
    int Attempt = 0,
    int RetriesGranted = 0,
    int LostAgentRetries = 0,
    string? AgentId = null,
    DateTimeOffset? AssignedAt = null,
    DateTimeOffset? NextRetryAt = null,
    FailureClass? LastErrorClass = null,
    string? LastErrorMessage = null,
    DateTimeOffset? FinishedAt = null,
    int Returns = 0,
    long AgentMilliseconds = 0,
    int RetriesStarted = 0,
    bool IsPutOff = false)
{
    /// <summary>It waits for a retry, not for a hand-out that came back unused to be repeated.</summary>
    public bool HasRetryToStart => Status == TaskStatus.Backoff && RetriesGranted > RetriesStarted;

    public int RetriesRemaining => Math.Max(Policy.MaxRetries - RetriesGranted, 0);

    /// <summary>Whether a retry should avoid its agent: the last attempt failed there, and was not lost with it.</summary>
    public bool MayAvoid => AgentId is not null && LastErrorClass is { } failure and not FailureClass.LostAgent;

    /// <summary>When the server times the attempt out: a lease after its timeout, because its agent enforces the timeout and needs time to report. Null if none was handed out.</summary>
    /// <param name="lease">How long an agent may be silent.</param>
    public DateTimeOffset? Deadline(TimeSpan lease) => AssignedAt + TimeSpan.FromSeconds(TimeoutSeconds) + lease;

    /// <summary>In another status, without a next retry: whoever moves it to backoff sets that.</summary>
    /// <exception cref="InvalidOperationException"><see cref="TaskTransitions"/> forbids it: a bug in the caller.</exception>
    public TaskState To(TaskStatus status, DateTimeOffset now)
    {
        if (!TaskTransitions.Allows(Status, status))
            throw new InvalidOperationException($"Task '{Name}' cannot go from {Status.WireName()} to {status.WireName()}.");
        return this with
        {
            Status = status,
            NextRetryAt = null,
            IsPutOff = false,
            FinishedAt = status.IsFinished() ? now : null,
            AgentMilliseconds = AgentMilliseconds + (Status.IsHeld() && !status.IsHeld() ? HeldMilliseconds(now) : 0),
        };
    }

    private long HeldMilliseconds(DateTimeOffset now) =>
        AssignedAt is { } at ? Math.Clamp((long)(now - at).TotalMilliseconds, 0, TimeoutSeconds * 1000L) : 0;
}
