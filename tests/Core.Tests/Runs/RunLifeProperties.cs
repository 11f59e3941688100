using FsCheck;
using FsCheck.Fluent;
using Headgate.Core.Runs;
using Headgate.Core.Tests.Retry;
using TaskStatus = Headgate.Core.Runs.TaskStatus;

namespace Headgate.Core.Tests.Runs;

/// <summary>Random graphs with random agents, run to their end.</summary>
public sealed class RunLifeProperties
{
    private const int MostSteps = 200_000;

    [Fact]
    public void Live_AnyGraphAndAgents_EndsAsItsTasksSay() =>
        ForAll(run =>
        {
            Assert.All(run.TasksNow, task => Assert.True(task.Status.IsFinished()));
            var allComplete = run.TasksNow.All(task => task.Status == TaskStatus.Completed);
            var expected = allComplete ? RunStatus.Completed : run.Run.CancelRequestedAt is null ? RunStatus.Failed : RunStatus.Cancelled;
            Assert.Equal(expected, run.Run.Status);
        });

    [Fact]
    public void Live_AnyGraphAndAgents_HandsOutAtMostBudgetPlusOne() =>
        ForAll(run =>
        {
            Assert.All(run.TasksNow, task => Assert.InRange(task.Attempt, 0, task.Policy.MaxRetries + 1));
            Assert.Equal(run.TasksNow.Sum(task => task.Attempt), run.HandedOut);
        });

    [Fact]
    public void Live_AnyGraphAndAgents_RunsNoTaskWhoseNeedsDidNotComplete() =>
        ForAll(run => Assert.All(run.TasksNow.Where(task => task.Attempt > 0), task =>
            Assert.All(task.Needs, need => Assert.Equal(TaskStatus.Completed, run.TasksNow.Single(other => other.Name == need).Status))));

    private static void ForAll(Action<SimulatedRun> check) =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(300),
            Prop.ForAll(Graphs.Acyclic.ToArbitrary(), Policies.Valid.ToArbitrary(), Gen.Choose(0, int.MaxValue).ToArbitrary(), (graph, policy, seed) =>
            {
                var bounded = policy with { MaxRetries = policy.MaxRetries % 5, MaxSeconds = Math.Max(policy.BaseSeconds, Math.Min(policy.MaxSeconds, 3600)) };
                var run = new SimulatedRun([.. graph.Select(task => Tasks.New(task.Name, task.Needs, policy: bounded))], seed);
                run.Live(MostSteps);
                check(run);
            }));
}
