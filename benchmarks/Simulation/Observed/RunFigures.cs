using Headgate.Contracts.Runs;
using Headgate.Simulation.Traffic;

namespace Headgate.Simulation.Observed;

/// <summary>What the runs that ended tell of themselves.</summary>
internal sealed class RunFigures
{
    private readonly List<(Tenant Tenant, DateTimeOffset From, DateTimeOffset To)> _inFlight = [];
    private readonly List<(string AgentId, DateTimeOffset From, DateTimeOffset To)> _atWork = [];

    public Counts Statuses { get; } = new();

    public Counts Tasks { get; } = new();

    public Counts Attempts { get; } = new();

    public Counts Failures { get; } = new();

    /// <summary>Attempts that were followed by another, by what had gone wrong.</summary>
    public Counts Retries { get; } = new();

    /// <summary>From when a task could have been handed out: first attempts, and retries whose time the service had told.</summary>
    public Samples ToAssigned { get; } = new();

    public Samples ToFinished { get; } = new();

    /// <summary>Tasks that must have become dead letters, by tenant.</summary>
    public Counts DeadByTenant { get; } = new();

    public void Add(Tenant tenant, RunView run, Checks checks)
    {
        Statuses.Add(run.Status);
        ToFinished.Add(run.FinishedAt!.Value - run.CreatedAt);
        _inFlight.Add((tenant, run.CreatedAt, run.FinishedAt.Value));
        var tasks = run.Tasks!.ToDictionary(task => task.Name, StringComparer.Ordinal);
        foreach (var task in run.Tasks!)
            Add(tenant, run, task, tasks, checks);
    }

    /// <summary>The most runs of a tenant that were in flight at once.</summary>
    public IReadOnlyDictionary<Tenant, int> HighestInFlight() =>
        _inFlight.GroupBy(run => run.Tenant).ToDictionary(runs => runs.Key, runs => Overlap.Highest(runs.Select(run => (run.From, run.To))));

    /// <summary>The most attempts that an agent held at once, as the service counts: until it is told of the end, or judges it lost.</summary>
    public IReadOnlyDictionary<string, int> HighestAtWork() =>
        _atWork.GroupBy(attempt => attempt.AgentId).ToDictionary(attempts => attempts.Key, attempts => Overlap.Highest(attempts.Select(attempt => (attempt.From, attempt.To))));

    private void Add(Tenant tenant, RunView run, TaskView task, Dictionary<string, TaskView> tasks, Checks checks)
    {
        Tasks.Add(task.Status);
        if (task.Status is "failed" or "exhausted")
            DeadByTenant.Add(tenant.Id);
        checks.Demand("a task has no more attempts than its budget", task.Attempts.Count(attempt => attempt.Outcome != "released") <= task.MaxRetries + 1, () => task.TaskId);
        checks.Demand("what has ended is in an end state", task.Status is "completed" or "failed" or "exhausted" or "cancelled" or "skipped", () => $"{task.TaskId}: {task.Status}");
        AttemptView? before = null;
        foreach (var attempt in task.Attempts.OrderBy(attempt => attempt.Attempt))
        {
            Add(run, task, attempt, before, tasks, checks);
            before = attempt;
        }
    }

    private void Add(RunView run, TaskView task, AttemptView attempt, AttemptView? before, Dictionary<string, TaskView> tasks, Checks checks)
    {
        Attempts.Add(attempt.Outcome);
        if (attempt is { Outcome: "failure", ErrorCategory: not null })
            Failures.Add(attempt.ErrorCategory);
        if (attempt.FinishedAt is { } ended)
            _atWork.Add((attempt.AgentId, attempt.StartedAt, ended));
        if (before is not null)
        {
            if (before.Outcome != "released")
                Retries.Add(before.ErrorCategory);
            checks.Demand("an attempt begins after the one before", attempt.StartedAt >= before.FinishedAt, () => $"{task.TaskId} {attempt.Attempt}");
            return;
        }

        var needed = task.Needs.Select(name => tasks[name]).ToList();
        var ready = needed.Select(need => need.Attempts[^1].FinishedAt ?? DateTimeOffset.MaxValue).Append(run.CreatedAt).Max();
        checks.Demand("a task begins after all it needs", attempt.StartedAt >= ready && needed.TrueForAll(need => need.Status == "completed"), () => task.TaskId);
        ToAssigned.Add(attempt.StartedAt - ready);
    }
}
