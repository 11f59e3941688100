using Headgate.Core.Failures;
using Headgate.Core.Retry;

namespace Headgate.Core.Runs;

/// <summary>What a run does next, as a pure function of its rows and the time. Repeating it with nothing changed changes nothing.</summary>
public static class RunAdvance
{
    /// <summary>A cancelled run closes after this long, whether or not its agents answered.</summary>
    public static readonly TimeSpan CancelGrace = TimeSpan.FromSeconds(30);

    /// <summary>How far the clocks of processes may differ. What is further ahead was stored before a clock was set back.</summary>
    public static readonly TimeSpan ClockDifference = TimeSpan.FromSeconds(2);

    /// <summary>Whether a time that was past when it was stored is not: the clock was set back since.</summary>
    public static bool IsFromTheFuture(DateTimeOffset? stored, DateTimeOffset now) => stored > now + ClockDifference;

    /// <param name="run">The run's row.</param>
    /// <param name="tasks">All of its tasks.</param>
    /// <param name="tenantActive">False holds a pending run back; what has started goes on.</param>
    /// <param name="lease">How long an agent may be silent; added to a task's timeout before the server judges it.</param>
    /// <param name="now">The time.</param>
    /// <param name="chance">Draws uniform in [0, 1), for the jitter of a retry that a timeout earns.</param>
    public static RunStep Decide(RunState run, IReadOnlyList<TaskState> tasks, bool tenantActive, TimeSpan lease, DateTimeOffset now, Func<double> chance)
    {
        if (run.Status.IsFinished())
            return RunStep.Nothing;
        var cancelled = run.CancelRequestedAt is not null;
        if (run.Status == RunStatus.Pending && !tenantActive && !cancelled)
            return RunStep.Nothing;

        var after = new TaskState[tasks.Count];
        for (var i = 0; i < after.Length; i++)
            after[i] = cancelled ? Cancel(tasks[i], run.CancelRequestedAt!.Value, now) : Judge(tasks[i], lease, now, chance);

        var doomed = !cancelled && Array.Exists(after, task => task.Status.DoomsRun());
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

    private static TaskState Judge(TaskState task, TimeSpan lease, DateTimeOffset now, Func<double> chance)
    {
        if (!task.Status.IsHeld())
            return task;
        // One that was handed out before the clock was set back begins now.
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
        TaskStatus.Backoff when task.NextRetryAt <= now => task.To(TaskStatus.Ready, now),
        TaskStatus.Backoff => Within(task, now + Backoff.Longest(task.Policy, task.RetriesGranted)),
        _ => task,
    };

    // A wait that is longer than any of its kind began before the clock was set back: it begins now.
    private static TaskState Within(TaskState task, DateTimeOffset latest) =>
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
                earliest = due ?? earliest;
        }

        return earliest;
    }
}
