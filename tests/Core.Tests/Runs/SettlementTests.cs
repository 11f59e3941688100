using FsCheck;
using FsCheck.Fluent;
using Headgate.Core.Failures;
using Headgate.Core.Retry;
using Headgate.Core.Runs;
using Headgate.Core.Tests.Retry;
using TaskStatus = Headgate.Core.Runs.TaskStatus;

namespace Headgate.Core.Tests.Runs;

public sealed class SettlementTests
{
    [Fact]
    public void Settle_Success_CompletesAndForgetsTheError()
    {
        var task = Tasks.Held("a", attempt: 2) with { LastErrorClass = FailureClass.Network, LastErrorMessage = "reset" };

        var after = Settle(task, new AttemptOutcome.Succeeded());

        Assert.Equal((TaskStatus.Completed, null, null, Tasks.Now), (after.Status, after.LastErrorClass, after.LastErrorMessage, after.FinishedAt));
    }

    [Theory]
    [InlineData(FailureClass.Network, TaskStatus.Backoff)]
    [InlineData(FailureClass.Resource, TaskStatus.Backoff)]
    [InlineData(FailureClass.Timeout, TaskStatus.Backoff)]
    [InlineData(FailureClass.LostAgent, TaskStatus.Backoff)]
    [InlineData(FailureClass.Unknown, TaskStatus.Backoff)]
    [InlineData(FailureClass.Auth, TaskStatus.Failed)]
    [InlineData(FailureClass.Permanent, TaskStatus.Failed)]
    [InlineData(FailureClass.Cancelled, TaskStatus.Cancelled)]
    public void Settle_FailureWithBudgetLeft_DependsOnItsClass(FailureClass failure, TaskStatus expected)
    {
        var after = Settle(Tasks.Held("a"), Failed(failure));

        Assert.Equal((expected, failure, "why"), (after.Status, after.LastErrorClass, after.LastErrorMessage));
    }

    [Fact]
    public void Settle_RetriedFailures_SpendTheBudgetThenExhaust()
    {
        var first = Settle(Tasks.Held("a", attempt: 1), Failed(FailureClass.Network));
        var second = Settle(Tasks.Held("a", attempt: 2), Failed(FailureClass.Network));
        var third = Settle(Tasks.Held("a", attempt: 3), Failed(FailureClass.Network));

        Assert.Equal((TaskStatus.Backoff, 1, 1, Tasks.Now.AddSeconds(10)), (first.Status, first.RetriesGranted, first.RetriesRemaining, first.NextRetryAt));
        Assert.Equal((TaskStatus.Backoff, 2, 0, Tasks.Now.AddSeconds(20)), (second.Status, second.RetriesGranted, second.RetriesRemaining, second.NextRetryAt));
        Assert.Equal((TaskStatus.Exhausted, 2, null), (third.Status, third.RetriesGranted, third.NextRetryAt));
    }

    [Fact]
    public void Settle_NoBudgetAtAll_ExhaustsAtOnce() =>
        Assert.Equal(TaskStatus.Exhausted, Settle(Tasks.Held("a", policy: Tasks.Policy with { MaxRetries = 0 }), Failed(FailureClass.Unknown)).Status);

    [Fact]
    public void Settle_FailureThatIsNotRetried_LeavesTheBudget() =>
        Assert.Equal(2, Settle(Tasks.Held("a"), Failed(FailureClass.Auth)).RetriesRemaining);

    [Theory]
    [InlineData(TaskStatus.Assigned)]
    [InlineData(TaskStatus.Running)]
    public void Settle_Released_IsTriedAgainAtOnceAndSpendsNothing(TaskStatus status)
    {
        var after = Settle(Unbudgeted(status), new AttemptOutcome.Released("why"));

        Assert.Equal((TaskStatus.Backoff, 0, 1, Tasks.Now, "why"), (after.Status, after.RetriesGranted, after.Returns, after.NextRetryAt, after.LastErrorMessage));
    }

    [Theory]
    [InlineData(TaskStatus.Assigned, false, TaskStatus.Backoff)]
    [InlineData(TaskStatus.Assigned, true, TaskStatus.Exhausted)]
    [InlineData(TaskStatus.Running, false, TaskStatus.Exhausted)]
    public void Settle_Lost_SpendsTheBudgetOnlyIfItsAgentHadIt(TaskStatus status, bool wasListed, TaskStatus expected) =>
        Assert.Equal((expected, FailureClass.LostAgent), Settle(Unbudgeted(status), new AttemptOutcome.Lost("why", wasListed)) is var after ? (after.Status, after.LastErrorClass) : default);

    [Fact]
    public void Settle_LostRepeatedlyBeforeItsAgentHadIt_CountsInTheEnd()
    {
        var (task, handOuts) = (Unbudgeted(TaskStatus.Assigned), 0);
        for (; task.Status == TaskStatus.Assigned; handOuts++)
        {
            var after = Settle(task, new AttemptOutcome.Lost("why"));
            task = after.Status == TaskStatus.Backoff ? after.To(TaskStatus.Ready, Tasks.Now).To(TaskStatus.Assigned, Tasks.Now) : after;
        }

        Assert.Equal((Settlement.MaxReturns + 1, TaskStatus.Exhausted), (handOuts, task.Status));
    }

    [Fact]
    public void Settle_LostAgent_WaitsFromTheSecondTimeOnly()
    {
        var first = Settle(Tasks.Held("a"), Failed(FailureClass.LostAgent));
        var second = Settle(Tasks.Held("a", attempt: 2) with { LostAgentRetries = 1 }, Failed(FailureClass.LostAgent));

        Assert.Equal((Tasks.Now, 1, 1), (first.NextRetryAt, first.LostAgentRetries, first.RetriesGranted));
        Assert.Equal((Tasks.Now.AddSeconds(20), 2, 2), (second.NextRetryAt, second.LostAgentRetries, second.RetriesGranted));
    }

    [Fact]
    public void Settle_LostAgentAfterAnotherRetry_StillNeedsNoWait() =>
        Assert.Equal(Tasks.Now, Settle(Tasks.Held("a", attempt: 2), Failed(FailureClass.LostAgent)).NextRetryAt);

    [Fact]
    public void Settle_Cancelled_EndsTheTask()
    {
        var after = Settle(Tasks.Held("a"), new AttemptOutcome.WasCancelled("asked to stop"));

        Assert.Equal((TaskStatus.Cancelled, FailureClass.Cancelled, "asked to stop"), (after.Status, after.LastErrorClass, after.LastErrorMessage));
    }

    [Fact]
    public void Settle_OtherFailureThanALostAgent_LeavesTheCountOfThose() =>
        Assert.Equal(0, Settle(Tasks.Held("a"), Failed(FailureClass.Network)).LostAgentRetries);

    [Fact]
    public void Settle_NoMessage_HasNone() =>
        Assert.Null(Settle(Tasks.Held("a"), new AttemptOutcome.FailedWith(FailureClass.Unknown, null)).LastErrorMessage);

    [Theory]
    [InlineData(null, FailureClass.Network, false)]
    [InlineData("a1", null, false)]
    [InlineData("a1", FailureClass.LostAgent, false)]
    [InlineData("a1", FailureClass.Network, true)]
    public void MayAvoid_AgentAndFailure_OnlyIfTheTaskFailedThere(string? agentId, FailureClass? failure, bool expected) =>
        Assert.Equal(expected, (Tasks.New("a") with { AgentId = agentId, LastErrorClass = failure }).MayAvoid);

    [Fact]
    public void Settle_LongMessage_IsCut()
    {
        var after = Settle(Tasks.Held("a"), new AttemptOutcome.FailedWith(FailureClass.Unknown, new string('x', 100_000)));

        Assert.Equal(Settlement.MessageLimit, after.LastErrorMessage?.Length);
    }

    [Theory]
    [InlineData(TaskStatus.Waiting)]
    [InlineData(TaskStatus.Ready)]
    [InlineData(TaskStatus.Backoff)]
    [InlineData(TaskStatus.Completed)]
    [InlineData(TaskStatus.Exhausted)]
    [InlineData(TaskStatus.Cancelled)]
    public void Settle_TaskThatNobodyHolds_Throws(TaskStatus status) =>
        Assert.Throws<InvalidOperationException>(() => Settle(Tasks.New("a", status: status), new AttemptOutcome.Succeeded()));

    [Fact]
    public void Settle_AnyFailure_NeverPassesBudgetOrCap() =>
        Prop.ForAll(Policies.Valid.ToArbitrary(), Gen.Elements(Enum.GetValues<FailureClass>()).ArrayOf().ToArbitrary(), Policies.Chance.ToArbitrary(), (policy, failures, chance) =>
        {
            var task = Tasks.Held("a", policy: policy);
            foreach (var failure in failures)
            {
                var after = Settlement.Settle(task, Failed(failure), Tasks.Now, chance);
                Assert.InRange(after.RetriesGranted, 0, policy.MaxRetries);
                Assert.InRange(after.RetriesRemaining, 0, policy.MaxRetries);
                if (after.Status != TaskStatus.Backoff)
                    return after.Status.IsFinished();
                Assert.InRange(after.NextRetryAt!.Value, Tasks.Now, Tasks.Now.AddSeconds(policy.MaxSeconds + 0.001));
                task = after with { Status = TaskStatus.Running, Attempt = after.Attempt + 1 };
            }

            return true;
        }).QuickCheckThrowOnFailure();

    private static AttemptOutcome.FailedWith Failed(FailureClass failure) => new(failure, "why");

    private static TaskState Settle(TaskState task, AttemptOutcome outcome) => Settlement.Settle(task, outcome, Tasks.Now, chance: 0.5);

    private static TaskState Unbudgeted(TaskStatus status) => Tasks.Held("a", policy: Tasks.Policy with { MaxRetries = 0 }) with { Status = status, RetriesGranted = 0 };
}
