using FsCheck;
using FsCheck.Fluent;
using Headgate.Core.Failures;
using Headgate.Core.Runs;
using TaskStatus = Headgate.Core.Runs.TaskStatus;

namespace Headgate.Core.Tests.Runs;

public sealed class RetryBudgetTests
{
    private static readonly RunState Budgeted = new(RunStatus.Running, null, RetryBudget: 2);

    [Fact]
    public void Decide_MoreRetriesDueThanTheRunHas_StartsTheOldestAndExhaustsTheRest()
    {
        var step = Budgeted.Decide(Tasks.Now, Waiting("a", -1), Waiting("b", -3), Waiting("c", -2));

        // One that is exhausted dooms the run: what has not been handed out goes with it.
        Assert.Equal([("a", TaskStatus.Exhausted), ("b", TaskStatus.Skipped), ("c", TaskStatus.Skipped)], step.Changed.Select(task => (task.Name, task.Status)));
        Assert.Contains("retry budget of 2", step.Changed[0].LastErrorMessage, StringComparison.Ordinal);
        Assert.Equal(RunStatus.Failed, step.To);
    }

    [Fact]
    public void Decide_AsManyDueAsTheRunHas_StartsThemAll()
    {
        var step = Budgeted.Decide(Tasks.Now, Waiting("a", -1), Waiting("b", -3));

        Assert.Equal([("a", TaskStatus.Ready, 1), ("b", TaskStatus.Ready, 1)], step.Changed.Select(task => (task.Name, task.Status, task.RetriesStarted)));
    }

    [Fact]
    public void Decide_BudgetSpent_ExhaustsAtOnceWhatWaits()
    {
        var step = Budgeted.Decide(Tasks.Now, Tasks.Held("a") with { RetriesGranted = 2, RetriesStarted = 2 }, Waiting("b", 500));

        Assert.Equal([("b", TaskStatus.Exhausted)], step.Changed.Select(task => (task.Name, task.Status)));
        Assert.Null(step.To);
    }

    [Fact]
    public void Decide_BudgetOfNone_EndsTheFirstRetry() =>
        Assert.Equal(RunStatus.Failed, new RunState(RunStatus.Running, null, RetryBudget: 0).Decide(Tasks.Now, Waiting("a", 10)).To);

    [Fact]
    public void Decide_HandOutThatCameBackUnused_StartsNoRetry()
    {
        var unused = Waiting("a", 0) with { RetriesGranted = 0, Returns = 1 };

        var step = new RunState(RunStatus.Running, null, RetryBudget: 0).Decide(Tasks.Now, unused);

        Assert.Equal((TaskStatus.Ready, 0), (step.Changed[0].Status, step.Changed[0].RetriesStarted));
    }

    [Fact]
    public void Decide_CancelledRun_ExhaustsNothing() =>
        Assert.Equal(TaskStatus.Cancelled, new RunState(RunStatus.Running, Tasks.Now, RetryBudget: 0).Decide(Tasks.Now, Waiting("a", 10)).Changed[0].Status);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    [InlineData(9, 3)]
    public void Decide_MinuteOfTheTenant_StartsSoManyAndPutsOffTheRest(int left, int started)
    {
        var tasks = new[] { Waiting("a", -1), Waiting("b", -3), Waiting("c", -2), Waiting("d", 8) };

        var step = RunAdvance.Decide(new(RunStatus.Running, null), tasks, tenantActive: true, Tasks.Lease, Tasks.Now, () => 0.5, left);

        Assert.Equal(started, RetryBudgets.Starting(tasks, step));
        Assert.Equal(started, step.Changed.Count(task => task.Status == TaskStatus.Ready));
        var putOff = step.Changed.Where(task => task.IsPutOff).ToList();
        Assert.Equal(3 - started, putOff.Count);
        Assert.All(putOff, task => Assert.Equal((TaskStatus.Backoff, Tasks.Now.AddSeconds(90), 1, 0), (task.Status, task.NextRetryAt, task.RetriesGranted, task.RetriesStarted)));
        Assert.DoesNotContain(step.Changed, task => task.Name == "d");
        if (started == 1)
            Assert.Equal("b", step.Changed.Single(task => task.Status == TaskStatus.Ready).Name);
        Assert.Equal(Tasks.Now.AddSeconds(8), step.WakeAt);
    }

    [Fact]
    public void Decide_RetryThatWasPutOff_KeepsItsTimeAndStartsThen()
    {
        var putOff = RunAdvance.Decide(new(RunStatus.Running, null), [Waiting("a", 0)], tenantActive: true, Tasks.Lease, Tasks.Now, () => 0.9, retriesLeft: 0).Changed[0];

        Assert.Empty(new RunState(RunStatus.Running, null).Decide(Tasks.Now.AddSeconds(1), putOff).Changed);
        var started = new RunState(RunStatus.Running, null).Decide(putOff.NextRetryAt!.Value, putOff).Changed[0];
        Assert.Equal((TaskStatus.Ready, false, 1), (started.Status, started.IsPutOff, started.RetriesStarted));
    }

    [Fact]
    public void Decide_AnyFailures_NeverStartsMoreThanEitherBudget() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(300),
            Prop.ForAll(
                Gen.Choose(1, 8).ToArbitrary(), Gen.Choose(0, 10).ToArbitrary(), Gen.Choose(0, 100_000).ToArbitrary(),
                (count, budget, seed) => Holds(count, budget, perMinute: 1 + (seed % 4), new Random(seed))));

    private static bool Holds(int count, int budget, int perMinute, Random chance)
    {
        var run = new RunState(RunStatus.Running, null, budget);
        var policy = Tasks.Policy with { MaxRetries = 5, MaxSeconds = 20 };
        var tasks = Enumerable.Range(0, count).Select(i => Tasks.New($"t{i}", policy: policy)).ToArray();
        var (now, ends) = (Tasks.Now, false);
        var perMinuteStarted = new Dictionary<long, int>();
        for (var steps = 0; !ends; steps++)
        {
            Assert.True(steps < 2_000, "the run does not end");
            var minute = RetryBudgets.MinuteOf(now);
            var step = RunAdvance.Decide(run, tasks, tenantActive: true, Tasks.Lease, now, chance.NextDouble, perMinute - perMinuteStarted.GetValueOrDefault(minute));
            perMinuteStarted[minute] = perMinuteStarted.GetValueOrDefault(minute) + RetryBudgets.Starting(tasks, step);
            Assert.True(perMinuteStarted[minute] <= perMinute, "more in a minute than the tenant may");
            foreach (var changed in step.Changed)
                tasks[Array.FindIndex(tasks, task => task.Name == changed.Name)] = changed;
            Assert.True(RetryBudgets.Started(tasks) <= budget, "more than the run may");
            ends = step.To?.IsFinished() == true;
            for (var i = 0; i < count; i++)
            {
                if (tasks[i].Status == TaskStatus.Ready && chance.Next(2) == 0)
                    tasks[i] = tasks[i].To(TaskStatus.Assigned, now) with { Attempt = tasks[i].Attempt + 1, AgentId = "a1", AssignedAt = now };
                else if (tasks[i].Status.IsHeld())
                    tasks[i] = Settlement.Settle(tasks[i], chance.Next(3) == 0 ? new AttemptOutcome.Succeeded() : new AttemptOutcome.FailedWith(FailureClass.Network, "no"), now, chance.NextDouble());
            }

            now = now.AddSeconds(chance.Next(8));
        }

        // No task was handed out more often than what started says.
        Assert.All(tasks, task => Assert.True(task.Attempt <= 1 + task.RetriesStarted, $"{task.Name} had {task.Attempt} attempts"));
        return true;
    }

    private static TaskState Waiting(string name, int dueIn) =>
        Tasks.New(name, status: TaskStatus.Backoff) with
        {
            Attempt = 1,
            RetriesGranted = 1,
            AgentId = "a1",
            LastErrorClass = FailureClass.Network,
            LastErrorMessage = "no",
            NextRetryAt = Tasks.Now.AddSeconds(dueIn),
        };
}
