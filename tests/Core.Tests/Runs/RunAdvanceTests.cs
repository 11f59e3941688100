using Headgate.Core.Failures;
using Headgate.Core.Runs;
using TaskStatus = Headgate.Core.Runs.TaskStatus;

namespace Headgate.Core.Tests.Runs;

public sealed class RunAdvanceTests
{
    private static readonly RunState Pending = new(RunStatus.Pending, null);
    private static readonly RunState Running = new(RunStatus.Running, null);
    private static readonly RunState Cancelling = new(RunStatus.Running, Tasks.Now);

    [Fact]
    public void Decide_PendingRun_StartsAndFreesTasksWithoutNeeds()
    {
        var step = Pending.Decide(Tasks.Now, Tasks.New("a"), Tasks.New("b", ["a"]));

        Assert.Equal(RunStatus.Running, step.To);
        Assert.Equal([("a", TaskStatus.Ready)], Moves(step));
        Assert.Null(step.WakeAt);
    }

    [Fact]
    public void Decide_PendingRunOfAPausedTenant_Waits()
    {
        var step = RunAdvance.Decide(Pending, [Tasks.New("a")], tenantActive: false, Tasks.Lease, Tasks.Now, () => 0.5);

        Assert.Same(RunStep.Nothing, step);
    }

    [Fact]
    public void Decide_StartedRunOfAPausedTenant_GoesOn()
    {
        var step = RunAdvance.Decide(Running, [Tasks.New("a")], tenantActive: false, Tasks.Lease, Tasks.Now, () => 0.5);

        Assert.Equal([("a", TaskStatus.Ready)], Moves(step));
    }

    [Fact]
    public void Decide_CancelledPendingRunOfAPausedTenant_Ends()
    {
        var step = RunAdvance.Decide(new RunState(RunStatus.Pending, Tasks.Now), [Tasks.New("a")], tenantActive: false, Tasks.Lease, Tasks.Now, () => 0.5);

        Assert.Equal(RunStatus.Cancelled, step.To);
        Assert.Equal([("a", TaskStatus.Cancelled)], Moves(step));
    }

    [Fact]
    public void Decide_OneNeedOfTwoComplete_KeepsWaiting() =>
        Assert.Empty(Running.Decide(Tasks.Now, Tasks.New("a", status: TaskStatus.Completed), Tasks.Held("b"), Tasks.New("c", ["a", "b"])).Changed);

    [Fact]
    public void Decide_LastNeedComplete_FreesTheTask() =>
        Assert.Equal(
            [("c", TaskStatus.Ready)],
            Moves(Running.Decide(Tasks.Now, Tasks.New("a", status: TaskStatus.Completed), Tasks.New("b", status: TaskStatus.Completed), Tasks.New("c", ["a", "b"]))));

    [Fact]
    public void Decide_BackoffNotOver_WakesWhenItIs()
    {
        var task = Tasks.New("a", status: TaskStatus.Backoff) with { NextRetryAt = Tasks.Now.AddSeconds(1) };

        var early = Running.Decide(Tasks.Now, task);
        var onTime = Running.Decide(Tasks.Now.AddSeconds(1), task);

        Assert.Empty(early.Changed);
        Assert.Equal(task.NextRetryAt, early.WakeAt);
        Assert.Equal([("a", TaskStatus.Ready)], Moves(onTime));
        Assert.Null(Assert.Single(onTime.Changed).NextRetryAt);
    }

    [Fact]
    public void Decide_HeldTask_WakesAtTimeoutPlusLeaseAndTimesOutThen()
    {
        var task = Tasks.Held("a");

        var early = Running.Decide(Tasks.Now.AddSeconds(89.999), task);
        var due = Running.Decide(Tasks.Now.AddSeconds(90), task);

        Assert.Empty(early.Changed);
        Assert.Equal(Tasks.Now.AddSeconds(90), early.WakeAt);
        var judged = Assert.Single(due.Changed);
        Assert.Equal((TaskStatus.Backoff, FailureClass.Timeout, Tasks.Now.AddSeconds(100)), (judged.Status, judged.LastErrorClass, judged.NextRetryAt));
        Assert.Equal("No result within 60 s and the lease.", judged.LastErrorMessage);
        Assert.Equal(judged.NextRetryAt, due.WakeAt);
    }

    [Fact]
    public void Decide_SeveralDueTimes_WakesAtTheEarliest()
    {
        var step = Running.Decide(
            Tasks.Now,
            Tasks.Held("a"),
            Tasks.New("b", status: TaskStatus.Backoff) with { RetriesGranted = 3, NextRetryAt = Tasks.Now.AddSeconds(40) },
            Tasks.New("c", status: TaskStatus.Backoff) with { RetriesGranted = 4, NextRetryAt = Tasks.Now.AddSeconds(70) },
            Tasks.New("d", status: TaskStatus.Ready));

        Assert.Equal(Tasks.Now.AddSeconds(40), step.WakeAt);
    }

    [Theory]
    [InlineData(TaskStatus.Failed)]
    [InlineData(TaskStatus.Exhausted)]
    [InlineData(TaskStatus.Cancelled)]
    public void Decide_TaskThatDoomsTheRun_SkipsWhatNobodyHoldsAndWaitsForTheRest(TaskStatus doom)
    {
        TaskState[] tasks =
        [
            Tasks.New("doom", status: doom), Tasks.New("waiting", ["doom"]), Tasks.New("ready", status: TaskStatus.Ready),
            Tasks.New("backoff", status: TaskStatus.Backoff) with { NextRetryAt = Tasks.Now }, Tasks.Held("held"),
        ];

        var step = Running.Decide(Tasks.Now, tasks);

        Assert.Equal([("waiting", TaskStatus.Skipped), ("ready", TaskStatus.Skipped), ("backoff", TaskStatus.Skipped)], Moves(step));
        Assert.Null(step.To);
    }

    [Fact]
    public void Decide_DoomedRunWithNothingHeld_Fails()
    {
        var step = Running.Decide(Tasks.Now, Tasks.New("a", status: TaskStatus.Completed), Tasks.New("b", status: TaskStatus.Failed), Tasks.New("c", ["b"]));

        Assert.Equal((RunStatus.Failed, null), (step.To, step.WakeAt));
    }

    [Fact]
    public void Decide_TimeoutThatExhausts_DoomsTheRunInTheSameStep()
    {
        var step = Running.Decide(Tasks.Now.AddSeconds(90), Tasks.Held("a", policy: Tasks.Policy with { MaxRetries = 0 }), Tasks.New("b", ["a"]));

        Assert.Equal([("a", TaskStatus.Exhausted), ("b", TaskStatus.Skipped)], Moves(step));
        Assert.Equal(RunStatus.Failed, step.To);
    }

    [Fact]
    public void Decide_EveryTaskComplete_Completes() =>
        Assert.Equal(RunStatus.Completed, Running.Decide(Tasks.Now, Tasks.New("a", status: TaskStatus.Completed), Tasks.New("b", status: TaskStatus.Completed)).To);

    [Fact]
    public void Decide_Cancel_EndsWhatNobodyHoldsAtOnce()
    {
        var step = Cancelling.Decide(Tasks.Now, Tasks.New("a", status: TaskStatus.Completed), Tasks.Held("b"), Tasks.New("c", ["b"]), Tasks.New("d", status: TaskStatus.Ready));

        Assert.Equal([("c", TaskStatus.Cancelled), ("d", TaskStatus.Cancelled)], Moves(step));
        Assert.Equal((null, Tasks.Now + RunAdvance.CancelGrace), (step.To, step.WakeAt));
    }

    [Fact]
    public void Decide_CancelWhoseGraceIsOver_ClosesTheRunRegardless()
    {
        var step = Cancelling.Decide(Tasks.Now + RunAdvance.CancelGrace, Tasks.Held("a"));

        Assert.Equal([("a", TaskStatus.Cancelled)], Moves(step));
        Assert.Equal(FailureClass.Cancelled, step.Changed[0].LastErrorClass);
        Assert.Equal(RunStatus.Cancelled, step.To);
    }

    [Fact]
    public void Decide_CancelWithAnAttemptPastItsTime_WakesAtTheGraceNotInThePast()
    {
        var step = Cancelling.Decide(Tasks.Now.AddSeconds(5), Tasks.Held("a", since: Tasks.Now.AddSeconds(-300)));

        Assert.Empty(step.Changed);
        Assert.Equal(Tasks.Now + RunAdvance.CancelGrace, step.WakeAt);
    }

    [Fact]
    public void Decide_CancelAfterEveryTaskCompleted_StillCompletesAndWakesNoMore()
    {
        var step = Cancelling.Decide(Tasks.Now, Tasks.New("a", status: TaskStatus.Completed));

        Assert.Equal((RunStatus.Completed, null), (step.To, step.WakeAt));
    }

    [Fact]
    public void Decide_CancelOfATaskInBackoff_KeepsTheClassOfItsLastFailure()
    {
        var step = Cancelling.Decide(Tasks.Now, Tasks.New("a", status: TaskStatus.Backoff) with { NextRetryAt = Tasks.Now.AddSeconds(9), LastErrorClass = FailureClass.Network });

        Assert.Equal((TaskStatus.Cancelled, FailureClass.Network), (step.Changed[0].Status, step.Changed[0].LastErrorClass));
    }

    [Fact]
    public void Decide_CancelOfADoomedRun_IsCancelled() =>
        Assert.Equal(RunStatus.Cancelled, Cancelling.Decide(Tasks.Now, Tasks.New("a", status: TaskStatus.Failed), Tasks.New("b", ["a"])).To);

    [Theory]
    [InlineData(RunStatus.Completed)]
    [InlineData(RunStatus.Failed)]
    [InlineData(RunStatus.Cancelled)]
    public void Decide_FinishedRun_DoesNothing(RunStatus status) =>
        Assert.Same(RunStep.Nothing, new RunState(status, null).Decide(Tasks.Now, Tasks.New("a")));

    private static IEnumerable<(string, TaskStatus)> Moves(RunStep step) => step.Changed.Select(task => (task.Name, task.Status));
}
