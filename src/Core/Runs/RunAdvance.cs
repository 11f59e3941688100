using Headgate.Core.Failures;
using Headgate.Core.Retry;

namespace Headgate.Core.Runs;

/// <summary>Decides what a run does next. Idempotent.</summary>
public static class RunAdvance
{
    /// <summary>A cancelled run ends after this long even if its agents did not answer.</summary>
    public static readonly TimeSpan CancelGrace = TimeSpan.FromSeconds(30);

    /// <summary>How far the clocks of processes may differ. A stored time further ahead means that a clock was set back.</summary>
    public static readonly TimeSpan ClockDifference = TimeSpan.FromSeconds(2);

    /// <summary>Whether a time that was past when it was stored lies ahead now: the clock was set back.</summary>
    public static bool IsFromTheFuture(DateTimeOffset? stored, DateTimeOffset now) => stored > now + ClockDifference;

    /// <param name="run">The run's row.</param>
    /// <param name="tasks">All of its tasks.</param>
    /// <param name="tenantActive">If false, a pending run does not start; a running one goes on.</param>
    /// <param name="lease">How long an agent may be silent; see <see cref="TaskState.Deadline"/>.</param>
    /// <param name="now">The time.</param>
    /// <param name="chance">Draws uniformly from [0, 1), for the jitter of a retry after a timeout.</param>
    /// <param name="retriesLeft">How many retries the tenant may still start in this minute; null: any.</param>
    public static RunStep Decide(
        RunState run, IReadOnlyList<TaskState> tasks, bool tenantActive, TimeSpan lease, DateTimeOffset now, Func<double> chance, int? retriesLeft = null)
    {
        if (run.Status.IsFinished())
            return RunStep.Nothing;
        var cancelled = run.CancelRequestedAt is not null;
        if (run.Status == RunStatus.Pending && !tenantActive && !cancelled)
            return RunStep.Nothing;

        var after = new TaskState[tasks.Count];
        for (var i = 0; i < after.Length; i++)
            after[i] = cancelled ? Cancel(tasks[i], run.CancelRequestedAt!.Value, now) : TimeOut(tasks[i], lease, now, chance);

        if (!cancelled && run.RetryBudget is { } budget)
            RetryBudgets.Exhaust(after, budget, now);
        var doomed = !cancelled && Array.Exists(after, task => task.Status.DoomsRun());
        if (!cancelled && !doomed && retriesLeft is { } left)
            RetryBudgets.PutOff(after, left, now, chance);
        var completed = Completed(after);
        var changed = new List<TaskState>();
        for (var i = 0; i < after.Length; i++)
        {
            after[i] = doomed ? Skip(after[i], now) : Release(after[i], completed, now);
            if (!ReferenceEquals(after[i], tasks[i]))
                changed.Add(after[i]);
        }

        var ended = Array.TrueForAll(after, task => task.Status.IsFinished());
        return new RunStep(
            changed,
            ended ? Ending(after, cancelled) : run.Status == RunStatus.Pending ? RunStatus.Running : null,
            ended ? null : run.CancelRequestedAt + CancelGrace ?? WakeAt(after, lease));
    }

    private static HashSet<string> Completed(TaskState[] tasks)
    {
        var completed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var task in tasks)
        {
            if (task.Status == TaskStatus.Completed)
                completed.Add(task.Name);
        }

        return completed;
    }

    private static TaskState Cancel(TaskState task, DateTimeOffset requestedAt, DateTimeOffset now)
    {
        var mayBeStopping = now < requestedAt + CancelGrace && !IsFromTheFuture(requestedAt, now);
        if (task.Status.IsFinished() || (task.Status.IsHeld() && mayBeStopping))
            return task;
        return task.To(TaskStatus.Cancelled, now) with { LastErrorClass = task.Status.IsHeld() ? FailureClass.Cancelled : task.LastErrorClass };
    }

    private static TaskState TimeOut(TaskState task, TimeSpan lease, DateTimeOffset now, Func<double> chance)
    {
        if (!task.Status.IsHeld())
            return task;
        // Handed out before the clock was set back: its time begins now.
        if (IsFromTheFuture(task.AssignedAt, now))
            return task with { AssignedAt = now };
        return task.Deadline(lease) <= now
            ? Settlement.Settle(task, new AttemptOutcome.FailedWith(FailureClass.Timeout, $"No result within {task.TimeoutSeconds} s and the lease."), now, chance())
            : task;
    }

    private static TaskState Skip(TaskState task, DateTimeOffset now) =>
        task.Status is TaskStatus.Waiting or TaskStatus.Ready or TaskStatus.Backoff ? task.To(TaskStatus.Skipped, now) : task;

    private static TaskState Release(TaskState task, HashSet<string> completed, DateTimeOffset now) => task.Status switch
    {
        TaskStatus.Waiting when completed.IsSupersetOf(task.Needs) => task.To(TaskStatus.Ready, now),
        TaskStatus.Backoff when task.NextRetryAt <= now => task.To(TaskStatus.Ready, now) with { RetriesStarted = task.RetriesGranted },
        TaskStatus.Backoff => RetryBy(task, now + (task.IsPutOff ? RetryBudgets.LongestHold : Backoff.Longest(task.Policy, task.RetriesGranted))),
        _ => task,
    };

    // A wait longer than the longest backoff began before the clock was set back: it begins now.
    private static TaskState RetryBy(TaskState task, DateTimeOffset latest) =>
        IsFromTheFuture(task.NextRetryAt, latest) ? task with { NextRetryAt = latest } : task;

    private static RunStatus Ending(TaskState[] tasks, bool cancelled) =>
        Array.TrueForAll(tasks, task => task.Status == TaskStatus.Completed) ? RunStatus.Completed
        : cancelled ? RunStatus.Cancelled
        : RunStatus.Failed;

    private static DateTimeOffset? WakeAt(TaskState[] tasks, TimeSpan lease)
    {
        DateTimeOffset? earliest = null;
        foreach (var task in tasks)
        {
            DateTimeOffset? due = task.Status switch
            {
                TaskStatus.Backoff => task.NextRetryAt,
                TaskStatus.Assigned or TaskStatus.Running => task.Deadline(lease),
                _ => null,
            };
            if (due < earliest || earliest is null)
                earliest = due;
        }

        return earliest;
    }
}
