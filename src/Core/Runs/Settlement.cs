using Headgate.Core.Failures;
using Headgate.Core.Retry;
using Headgate.Core.Validation;

namespace Headgate.Core.Runs;

/// <summary>Decides what happens to a task after an attempt. The only place that spends the retry budget.</summary>
public static class Settlement
{
    /// <summary>Longer error messages are cut, in characters.</summary>
    public const int MessageLimit = 4096;

    /// <summary>Unused hand-outs that cost a task nothing; further ones count as lost with their agent, so that none is handed out for ever.</summary>
    public const int MaxReturns = 3;

    /// <summary>
    /// The task after its attempt: completed, cancelled, failed (the class is not retried), exhausted (the budget is spent) or in backoff.
    /// The first retry after a lost agent has no delay, because the task may not be at fault. An attempt that was not started costs no retry
    /// and is repeated at once.
    /// </summary>
    /// <param name="task">Held by an agent.</param>
    /// <param name="outcome">The attempt's.</param>
    /// <param name="now">The time.</param>
    /// <param name="chance">Uniform in [0, 1), for jitter.</param>
    public static TaskState Settle(TaskState task, AttemptOutcome outcome, DateTimeOffset now, double chance)
    {
        switch (outcome)
        {
            case AttemptOutcome.Succeeded:
                return task.To(TaskStatus.Completed, now) with { LastErrorClass = null, LastErrorMessage = null };

            case AttemptOutcome.WasCancelled cancelled:
                return task.To(TaskStatus.Cancelled, now) with { LastErrorClass = FailureClass.Cancelled, LastErrorMessage = Cut(cancelled.Message) };

            case AttemptOutcome.FailedWith failure:
                var failed = task with { LastErrorClass = failure.Class, LastErrorMessage = Cut(failure.Message) };
                if (failure.Class == FailureClass.Cancelled)
                    return failed.To(TaskStatus.Cancelled, now);
                if (!failure.Class.IsRetried())
                    return failed.To(TaskStatus.Failed, now);
                return task.RetriesRemaining == 0 ? failed.To(TaskStatus.Exhausted, now) : Retry(failed, failure.Class, now, chance);

            case AttemptOutcome.Released released:
                return Return(task, released.Message, now, chance);

            // If no heartbeat listed it, it may never have reached its agent.
            case AttemptOutcome.Lost lost:
                return task.Status == TaskStatus.Assigned && !lost.WasListed ? Return(task, lost.Message, now, chance) : LoseWithAgent(task, lost.Message, now, chance);

            default:
                throw new ArgumentOutOfRangeException(nameof(outcome));
        }
    }

    private static TaskState LoseWithAgent(TaskState task, string? message, DateTimeOffset now, double chance) =>
        Settle(task, new AttemptOutcome.FailedWith(FailureClass.LostAgent, message), now, chance);

    private static TaskState Return(TaskState task, string? message, DateTimeOffset now, double chance) => task.Returns >= MaxReturns
        ? LoseWithAgent(task, message, now, chance)
        : task.To(TaskStatus.Backoff, now) with
        {
            Returns = task.Returns + 1,
            AgentMilliseconds = task.AgentMilliseconds,
            NextRetryAt = now,
            LastErrorClass = FailureClass.LostAgent,
            LastErrorMessage = Cut(message),
        };

    private static TaskState Retry(TaskState task, FailureClass failure, DateTimeOffset now, double chance)
    {
        var retry = task.RetriesGranted + 1;
        var atOnce = failure == FailureClass.LostAgent && task.LostAgentRetries == 0;
        var delay = atOnce ? TimeSpan.Zero : Backoff.Delay(task.Policy, retry, chance);
        return task.To(TaskStatus.Backoff, now) with
        {
            RetriesGranted = retry,
            LostAgentRetries = task.LostAgentRetries + (failure == FailureClass.LostAgent ? 1 : 0),
            NextRetryAt = now + delay,
        };
    }

    private static string? Cut(string? message) => message is null ? null : TextCut.First(message, MessageLimit);
}
