using Headgate.Core.Resources;
using Headgate.Core.Runs;
using TaskStatus = Headgate.Core.Runs.TaskStatus;

namespace Headgate.Core.Tests.Runs;

/// <summary>The state tables are complete: every state is listed, final states are final, and every other state can be reached and left.</summary>
public sealed class TransitionTests
{
    [Theory]
    [InlineData(TaskStatus.Waiting, "ready cancelled skipped")]
    [InlineData(TaskStatus.Ready, "assigned cancelled skipped")]
    [InlineData(TaskStatus.Assigned, "running backoff completed failed exhausted cancelled")]
    [InlineData(TaskStatus.Running, "backoff completed failed exhausted cancelled")]
    [InlineData(TaskStatus.Backoff, "ready exhausted cancelled skipped")]
    [InlineData(TaskStatus.Completed, "")]
    [InlineData(TaskStatus.Failed, "")]
    [InlineData(TaskStatus.Exhausted, "")]
    [InlineData(TaskStatus.Cancelled, "")]
    [InlineData(TaskStatus.Skipped, "")]
    public void TaskAllows_EveryPair_AsTheTableSays(TaskStatus from, string targets)
    {
        foreach (var to in Enum.GetValues<TaskStatus>())
            Assert.Equal((to, targets.Split(' ').Contains(to.WireName())), (to, TaskTransitions.Allows(from, to)));
    }

    [Theory]
    [InlineData(RunStatus.Pending, "running failed cancelled")]
    [InlineData(RunStatus.Running, "completed failed cancelled")]
    [InlineData(RunStatus.Completed, "")]
    [InlineData(RunStatus.Failed, "")]
    [InlineData(RunStatus.Cancelled, "")]
    public void RunAllows_EveryPair_AsTheTableSays(RunStatus from, string targets)
    {
        foreach (var to in Enum.GetValues<RunStatus>())
            Assert.Equal((to, targets.Split(' ').Contains(to.WireName())), (to, RunTransitions.Allows(from, to)));
    }

    [Fact]
    public void TaskTable_EveryState_IsReachedAndEnds()
    {
        AssertReachesAll(TaskStatus.Waiting, TaskTransitions.From);
        Assert.All(Enum.GetValues<TaskStatus>(), status => Assert.Equal(status.IsFinished(), TaskTransitions.From(status).Count == 0));
        Assert.All(Enum.GetValues<TaskStatus>(), status => Assert.Contains(Reached(status, TaskTransitions.From), reached => reached.IsFinished()));
    }

    [Fact]
    public void RunTable_EveryState_IsReachedAndEnds()
    {
        AssertReachesAll(RunStatus.Queued, RunTransitions.From);
        Assert.All(Enum.GetValues<RunStatus>(), status => Assert.Equal(status.IsFinished(), RunTransitions.From(status).Count == 0));
    }

    [Fact]
    public void TaskWireNames_EveryStatus_ParsesBack() =>
        Assert.All(Enum.GetValues<TaskStatus>(), status =>
        {
            Assert.True(TaskStatuses.TryParse(status.WireName(), out var parsed));
            Assert.Equal(status, parsed);
        });

    [Fact]
    public void RunWireNames_EveryStatus_ParsesBack() =>
        Assert.All(Enum.GetValues<RunStatus>(), status =>
        {
            Assert.True(RunStatuses.TryParse(status.WireName(), out var parsed));
            Assert.Equal(status, parsed);
        });

    [Fact]
    public void PriorityWireNames_EveryPriority_ParsesBack()
    {
        Assert.Equal(["high", "normal", "low"], TaskPriorities.WireNames);
        Assert.All(Enum.GetValues<TaskPriority>(), priority =>
        {
            Assert.True(TaskPriorities.TryParse(priority.WireName(), out var parsed));
            Assert.Equal(priority, parsed);
        });
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("High")]
    public void TryParse_NoWireName_IsFalse(string? name)
    {
        Assert.False(TaskStatuses.TryParse(name, out _));
        Assert.False(RunStatuses.TryParse(name, out _));
        Assert.False(ResourcePhases.TryParse(name, out var phase));
        Assert.False(TaskPriorities.TryParse(name, out var priority));
        Assert.Equal((ResourcePhase.Closed, TaskPriority.Normal), (phase, priority));
    }

    [Theory]
    [InlineData(TaskStatus.Assigned, true, false)]
    [InlineData(TaskStatus.Running, true, false)]
    [InlineData(TaskStatus.Backoff, false, false)]
    [InlineData(TaskStatus.Completed, false, false)]
    [InlineData(TaskStatus.Failed, false, true)]
    [InlineData(TaskStatus.Exhausted, false, true)]
    [InlineData(TaskStatus.Cancelled, false, true)]
    [InlineData(TaskStatus.Skipped, false, false)]
    public void TaskStatus_HeldAndDooming_AsDocumented(TaskStatus status, bool held, bool dooms) =>
        Assert.Equal((held, dooms), (status.IsHeld(), status.DoomsRun()));

    [Fact]
    public void To_MoveTheTableForbids_Throws()
    {
        var task = Tasks.New("a", status: TaskStatus.Completed);

        var thrown = Assert.Throws<InvalidOperationException>(() => task.To(TaskStatus.Ready, Tasks.Now));
        Assert.Equal("Task 'a' cannot go from completed to ready.", thrown.Message);
    }

    [Fact]
    public void To_FinalState_StampsTheTimeAndClearsTheRetry()
    {
        var task = Tasks.New("a", status: TaskStatus.Backoff) with { NextRetryAt = Tasks.Now };

        var skipped = task.To(TaskStatus.Skipped, Tasks.Now.AddSeconds(1));

        Assert.Equal((null, Tasks.Now.AddSeconds(1)), (skipped.NextRetryAt, skipped.FinishedAt));
    }

    private static void AssertReachesAll<T>(T start, Func<T, IReadOnlyList<T>> from)
        where T : struct, Enum =>
        Assert.Equal(Enum.GetValues<T>(), Reached(start, from).Order());

    private static HashSet<T> Reached<T>(T start, Func<T, IReadOnlyList<T>> from)
    {
        var reached = new HashSet<T> { start };
        var open = new Queue<T>(reached);
        while (open.TryDequeue(out var next))
        {
            foreach (var target in from(next).Where(reached.Add))
                open.Enqueue(target);
        }

        return reached;
    }
}
