using Headgate.Core.Retry;
using Headgate.Core.Runs;
using TaskStatus = Headgate.Core.Runs.TaskStatus;

namespace Headgate.Core.Tests.Runs;

/// <summary>Times stored before the clock was set back.</summary>
public sealed class ClockSetBackTests
{
    private static readonly RunState Running = new(RunStatus.Running, null);

    [Theory]
    [InlineData(3610, 10)]
    [InlineData(13, 10)]
    [InlineData(12, 12)]
    [InlineData(10, 10)]
    [InlineData(1, 1)]
    public void Decide_BackoffLongerThanItsPolicyAllows_BeginsNow(int left, int expected)
    {
        var step = Running.Decide(Tasks.Now, InBackoff(left));

        Assert.Equal(Tasks.Now.AddSeconds(expected), step.WakeAt);
        Assert.Equal(left != expected, step.Changed is [{ Status: TaskStatus.Backoff }]);
    }

    [Fact]
    public void Decide_BackoffThatBeganAnew_EndsWhenDue()
    {
        var redated = Assert.Single(Running.Decide(Tasks.Now, InBackoff(3610)).Changed);

        Assert.Empty(Running.Decide(Tasks.Now.AddSeconds(9), redated).Changed);
        Assert.Equal(TaskStatus.Ready, Assert.Single(Running.Decide(Tasks.Now.AddSeconds(10), redated).Changed).Status);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    public void Longest_OfAnyPolicy_IsNoLessThanAnyDelay(double jitter)
    {
        var policy = Tasks.Policy with { Jitter = jitter };
        for (var retry = 0; retry < 30; retry++)
        {
            Assert.Equal(Backoff.Longest(policy, retry), Backoff.Delay(policy, retry, 1));
            Assert.InRange(Backoff.Longest(policy, retry).TotalSeconds, 10, 100);
        }
    }

    [Theory]
    [InlineData(3600, TaskStatus.Cancelled)]
    [InlineData(1, TaskStatus.Running)]
    [InlineData(-29, TaskStatus.Running)]
    [InlineData(-31, TaskStatus.Cancelled)]
    public void Decide_CancelRequestedAhead_DoesNotWaitForThatTime(int ahead, TaskStatus expected)
    {
        var step = new RunState(RunStatus.Running, Tasks.Now.AddSeconds(ahead)).Decide(Tasks.Now, Tasks.Held("a"));

        Assert.Equal(expected, step.Changed is [var changed] ? changed.Status : TaskStatus.Running);
    }

    [Theory]
    [InlineData(3600, 90)]
    [InlineData(2, 92)]
    [InlineData(0, 90)]
    [InlineData(-60, 30)]
    public void Decide_HandedOutAhead_BeginsNow(int ahead, int deadline)
    {
        var held = Tasks.Held("a", since: Tasks.Now.AddSeconds(ahead));

        var step = Running.Decide(Tasks.Now, held);

        Assert.Equal(Tasks.Now.AddSeconds(deadline), step.WakeAt);
        Assert.Equal(ahead > 2 ? [held with { AssignedAt = Tasks.Now }] : [], step.Changed);
    }

    private static TaskState InBackoff(int seconds) =>
        Tasks.New("a", status: TaskStatus.Backoff) with { Attempt = 1, RetriesGranted = 1, NextRetryAt = Tasks.Now.AddSeconds(seconds) };
}
