using Headgate.Core.Failures;
using Headgate.Core.Runs;
using TaskStatus = Headgate.Core.Runs.TaskStatus;

namespace Headgate.Core.Tests.Runs;

/// <summary>One run with agents that randomly answer, fail, fall silent or are cancelled. Checks every promise at every step.</summary>
internal sealed class SimulatedRun(IReadOnlyList<TaskState> tasks, int seed)
{
    private static readonly FailureClass[] Failures = Enum.GetValues<FailureClass>();

    private readonly Random _chance = new(seed);
    private readonly TaskState[] _tasks = [.. tasks];
    private readonly Dictionary<string, DateTimeOffset> _notBefore = new(StringComparer.Ordinal);

    private bool _lost;

    public RunState Run { get; private set; } = new(RunStatus.Pending, null);

    public IReadOnlyList<TaskState> TasksNow => _tasks;

    public DateTimeOffset Now { get; private set; } = Tasks.Now;

    public int HandedOut { get; private set; }

    public void Live(int mostSteps)
    {
        for (var step = 0; !Run.Status.IsFinished(); step++)
        {
            Assert.True(step < mostSteps, $"The run does not end: {string.Join(", ", _tasks.Select(task => $"{task.Name} {task.Status}"))}");
            var wakeAt = Advance();
            if (Run.Status.IsFinished())
                return;
            Agents();
            if (_chance.Next(40) == 0 && Run.CancelRequestedAt is null)
                Run = Run with { CancelRequestedAt = Now };
            PassTime(wakeAt);
        }
    }

    private DateTimeOffset? Advance()
    {
        var step = RunAdvance.Decide(Run, _tasks, tenantActive: _chance.Next(10) != 0, Tasks.Lease, Now, _chance.NextDouble);
        _lost = step.Changed.Concat(_tasks).Any(task => task.Status.DoomsRun());
        foreach (var task in step.Changed)
            Replace(task);
        if (step.To is { } to)
        {
            Assert.True(RunTransitions.Allows(Run.Status, to), $"run from {Run.Status} to {to}");
            Run = Run with { Status = to };
        }

        if (Run.Status == RunStatus.Pending)
            return Now;
        var again = RunAdvance.Decide(Run, _tasks, tenantActive: true, Tasks.Lease, Now, _chance.NextDouble);
        Assert.Empty(again.Changed);
        Assert.Null(again.To);
        Assert.True(Run.Status.IsFinished() || again.WakeAt is not null || _tasks.Any(task => task.Status == TaskStatus.Ready), "nothing will ever move this run");
        Assert.True(again.WakeAt is null || again.WakeAt > Now, "asks to be woken in the past");
        return again.WakeAt;
    }

    private void Agents()
    {
        foreach (var task in _tasks.ToArray())
        {
            if (task.Status == TaskStatus.Ready && _chance.Next(3) > 0)
                HandOut(task);
            else if (task.Status == TaskStatus.Assigned && _chance.Next(2) == 0)
                Replace(task.To(TaskStatus.Running, Now));
            else if (task.Status.IsHeld() && _chance.Next(4) == 0)
                Replace(Settlement.Settle(task, Outcome(), Now, _chance.NextDouble()));
        }
    }

    private void HandOut(TaskState task)
    {
        Assert.All(task.Needs, need => Assert.Equal(TaskStatus.Completed, _tasks.Single(other => other.Name == need).Status));
        Assert.True(!_notBefore.TryGetValue(task.Name, out var notBefore) || Now >= notBefore, "handed out inside its backoff");
        Assert.True(task.Attempt <= task.Policy.MaxRetries, "handed out beyond its budget");
        HandedOut++;
        Replace(task.To(TaskStatus.Assigned, Now) with { Attempt = task.Attempt + 1, AgentId = "a1", AssignedAt = Now });
    }

    private AttemptOutcome Outcome() => _chance.Next(8) switch
    {
        < 5 => new AttemptOutcome.Succeeded(),
        < 7 => new AttemptOutcome.FailedWith(Failures[_chance.Next(Failures.Length)], "as chance has it"),
        _ => new AttemptOutcome.FailedWith(FailureClass.Network, "reset"),
    };

    private void Replace(TaskState after)
    {
        var at = Array.FindIndex(_tasks, task => task.Name == after.Name);
        var before = _tasks[at];
        Assert.True(TaskTransitions.Allows(before.Status, after.Status) || TimedOutInADoomedRun(before, after), $"task from {before.Status} to {after.Status}");
        Assert.False(before.Status.IsFinished());
        Assert.InRange(after.RetriesGranted, before.RetriesGranted, after.Policy.MaxRetries);
        Assert.Equal(after.Status == TaskStatus.Backoff, after.NextRetryAt is not null);
        Assert.Equal(after.Status.IsFinished(), after.FinishedAt is not null);
        if (after.NextRetryAt is { } notBefore)
            _notBefore[after.Name] = notBefore;
        _tasks[at] = after;
    }

    // Two transitions in one step: the attempt times out, and a doomed run skips its retry.
    private bool TimedOutInADoomedRun(TaskState before, TaskState after) =>
        before.Status.IsHeld() && after.Status == TaskStatus.Skipped && after.LastErrorClass == FailureClass.Timeout
        && TaskTransitions.Allows(TaskStatus.Backoff, after.Status) && _lost;

    private void PassTime(DateTimeOffset? wakeAt)
    {
        var soon = Now.AddSeconds(_chance.Next(1, 20));
        Now = wakeAt is { } due && _chance.Next(3) == 0 && due > Now ? due : soon;
    }
}
