using Headgate.Core.Runs;
using TaskStatus = Headgate.Core.Runs.TaskStatus;

namespace Headgate.Core.Causes;

/// <summary>Why a run is where it is: the causes of its tasks, those of one code as one.</summary>
public static class RunExplanation
{
    /// <param name="run">The run.</param>
    /// <param name="tasks">All of its tasks by name, each explained.</param>
    public static Explanation Of(RunFacts run, IReadOnlyList<(string Name, Explanation Task)> tasks)
    {
        var state = run.Queued is null ? run.State.Status.WireName() : "queued";
        if (run.State.Status.IsFinished())
            return new(state, [new(CauseCode.Nothing, null, $"It has ended: {state}.", [], [])]);
        if (run.Queued is { } queued)
            return new(state, [.. tasks.Count == 0 ? [TaskExplanation.AtCap(queued)] : Merged(tasks, isOfRun: true).Where(cause => cause.Code is CauseCode.Cap or CauseCode.Paused)], queued.Ahead, queued.Start);
        if (run.State.Status == RunStatus.Pending)
        {
            var early = Merged(tasks, isOfRun: true).Where(cause => cause.Code is CauseCode.Paused or CauseCode.WaitingForStart).ToList();
            return new(state, early.Count > 0 ? early : [new(CauseCode.Nothing, null, "It is about to start.", [], [])]);
        }

        var causes = Merged(tasks, isOfRun: false);
        var first = tasks.Select(task => task.Task).Where(task => task.Ahead is not null || task.Start is not null).OrderBy(task => task.Start?.At ?? DateTimeOffset.MaxValue).ThenBy(task => task.Ahead ?? int.MaxValue).FirstOrDefault();
        return new(state, causes.Count > 0 ? causes : [Working(tasks)], first?.Ahead, first?.Start);
    }

    private static List<Cause> Merged(IReadOnlyList<(string Name, Explanation Task)> tasks, bool isOfRun) =>
    [
        .. tasks
            .SelectMany(task => task.Task.Causes.Select(cause => (task.Name, Cause: cause)))
            .Where(entry => entry.Cause.Code != CauseCode.Nothing)
            .GroupBy(entry => entry.Cause.Code)
            .OrderBy(group => group.Key)
            .Select(group => Merged([.. group], isOfRun)),
    ];

    private static Cause Merged(List<(string Name, Cause Cause)> causes, bool isOfRun)
    {
        var first = causes[0].Cause;
        // Such are of the run or the tenant, and the same for all tasks.
        var isShared = isOfRun || first.Code is CauseCode.Cap or CauseCode.Paused or CauseCode.WaitingForStart;
        var more = causes.Count == 1 ? "" : $" So {(causes.Count == 2 ? "does" : "do")} {causes.Count - 1} more of its tasks, for a cause of this kind.";
        return first with
        {
            Since = causes.Min(entry => entry.Cause.Since),
            Message = isShared ? first.Message : $"Task '{causes[0].Name}' waits. {first.Message}{more}",
            BlockedBy = [.. causes.SelectMany(entry => entry.Cause.BlockedBy).Distinct(StringComparer.Ordinal).Take(Cause.MaxBlockers)],
            Cures = [.. causes.SelectMany(entry => entry.Cause.Cures).Distinct(StringComparer.Ordinal).Take(Cause.MaxCures)],
        };
    }

    private static Cause Working(IReadOnlyList<(string Name, Explanation Task)> tasks)
    {
        var held = tasks.Where(task => task.Task.State is "assigned" or "running").ToList();
        return new(
            CauseCode.Nothing,
            held.Min(task => task.Task.Causes[0].Since),
            held.Count == 0 ? "Nothing holds it: its next step follows." : $"Nothing holds it: {StartEstimate.Count(held.Count, "task")} {(held.Count == 1 ? "runs" : "run")}.",
            [.. held.SelectMany(task => task.Task.Causes[0].BlockedBy).Distinct(StringComparer.Ordinal).Take(Cause.MaxBlockers)],
            []);
    }
}
