using Headgate.Core.Validation;

namespace Headgate.Core.Runs;

/// <summary>
/// Bounds on retries beside each task's own: a run's, which ends tasks, and a tenant's minute, which lets them wait. A retry counts when it starts, which
/// is when its task gets ready again: many tasks that fail together are granted their retries together, and come back together.
/// </summary>
public static class RetryBudgets
{
    /// <summary>The most that a run may be given.</summary>
    public const int RunCeiling = 1000;

    /// <summary>What waits for a minute begins within it, not all at once.</summary>
    public static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>The longest that a retry is put off at once.</summary>
    public static readonly TimeSpan LongestHold = Minute * 2;

    /// <summary>Retries that tasks have started.</summary>
    public static int Started(IEnumerable<TaskState> tasks) => tasks.Sum(task => task.RetriesStarted);

    /// <summary>Retries that a run may still start.</summary>
    public static int Left(int budget, IEnumerable<TaskState> tasks) => Math.Max(budget - Started(tasks), 0);

    /// <summary>Retries that a step starts.</summary>
    /// <param name="before">The tasks on which it was decided, in their order.</param>
    /// <param name="step">What changes, in the same order.</param>
    public static int Starting(IReadOnlyList<TaskState> before, RunStep step)
    {
        var (starting, next) = (0, 0);
        for (var i = 0; i < before.Count && next < step.Changed.Count; i++)
        {
            if (before[i].Name == step.Changed[next].Name)
                starting += step.Changed[next++].RetriesStarted - before[i].RetriesStarted;
        }

        return starting;
    }

    /// <summary>The UTC minute of a time.</summary>
    public static long MinuteOf(DateTimeOffset at) => at.ToUnixTimeSeconds() / 60;

    /// <summary>Ends the tasks whose retries their run can't start any more; those that are due go first. They need not wait for their time.</summary>
    internal static void Exhaust(TaskState[] tasks, int budget, DateTimeOffset now)
    {
        var left = Left(budget, tasks);
        foreach (var i in ToStart(tasks))
        {
            if (left > 0 && tasks[i].NextRetryAt <= now)
                left--;
            else if (left == 0)
                tasks[i] = tasks[i].To(TaskStatus.Exhausted, now) with { LastErrorMessage = TextCut.First($"The run's retry budget of {budget} is spent. {tasks[i].LastErrorMessage}", Settlement.MessageLimit) };
        }
    }

    /// <summary>Puts off the retries that are due and beyond what the tenant may start in this minute.</summary>
    internal static void PutOff(TaskState[] tasks, int left, DateTimeOffset now, Func<double> chance)
    {
        foreach (var i in ToStart(tasks))
        {
            if (tasks[i].NextRetryAt > now)
                return;
            if (left-- <= 0)
                tasks[i] = tasks[i] with { NextRetryAt = DateTimeOffset.FromUnixTimeSeconds((MinuteOf(now) + 1) * 60) + (Minute * chance()), IsPutOff = true };
        }
    }

    // The one that waits longest first; of two alike, the one that comes first in the run.
    private static List<int> ToStart(TaskState[] tasks) =>
        Enumerable.Range(0, tasks.Length).Where(i => tasks[i].HasRetryToStart).OrderBy(i => tasks[i].NextRetryAt).ToList();
}
