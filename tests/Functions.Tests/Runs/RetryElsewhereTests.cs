using Headgate.Core.Failures;
using Headgate.Core.Runs;
using Headgate.Functions.Dispatch;
using Headgate.Functions.Options;
using Headgate.Functions.Runs;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Tasks;
using Headgate.Functions.Tests.Support;
using Xunit;

namespace Headgate.Functions.Tests.Runs;

/// <summary>A retry goes to another agent than the one on which the task failed, where there is one.</summary>
public sealed class RetryElsewhereTests
{
    private static readonly TimeSpan Backoff = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Claim_RetryWhileAnotherAgentHasRoom_IsForTheOtherFirst(bool shared)
    {
        using var rig = new RunRig(shared: shared);
        var (failing, other) = (rig.NewAgent("failing"), rig.NewAgent("other"));
        var runId = await FailAsync(rig, failing, other);

        Assert.Empty(await rig.ClaimAsync(failing));
        Assert.Equal(runId, Assert.Single(await rig.ClaimAsync(other)).RunId);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Claim_RetryThatTheOtherDoesNotTake_IsTheSameAgentsAfterTwoHeartbeats(bool shared)
    {
        using var rig = new RunRig(shared: shared);
        var failing = rig.NewAgent("failing");
        var runId = await FailAsync(rig, failing, rig.NewAgent("other"));

        rig.Clock.Advance(TimeSpan.FromSeconds(19));
        Assert.Empty(await rig.ClaimAsync(failing));
        rig.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(runId, Assert.Single(await rig.ClaimAsync(failing)).RunId);
    }

    [Fact]
    public async Task Claim_HeldByTheSameAgent_GetsTheRetryWhenTheTimeIsOver()
    {
        using var rig = new RunRig(new HeadgateOptions { Claims = new(30) });
        var failing = rig.NewAgent("failing");
        var runId = await FailAsync(rig, failing, rig.NewAgent("other"));
        var claim = rig.Get<Claims>().ClaimAsync(failing, null, 1, TimeSpan.FromSeconds(30), CancellationToken.None);
        Assert.False(claim.IsCompleted);

        rig.Clock.Advance(TimeSpan.FromSeconds(20));

        var given = Assert.IsType<ClaimOutcome.Given>(await claim.WaitAsync(Patience));
        Assert.Equal(runId, Assert.Single(given.Tasks).RunId);
    }

    [Fact]
    public async Task Claim_RetryAfterARestart_IsStillForTheOtherFirst()
    {
        using var rig = new RunRig();
        var (failing, other) = (rig.NewAgent("failing"), rig.NewAgent("other"));
        var runId = await FailAsync(rig, failing, other);

        using var next = rig.NextProcess();
        await ((ReadyBoard)next.Get<IReadyTasks>()).RebuildAsync(CancellationToken.None);

        Assert.Empty(await next.ClaimAsync(failing));
        Assert.Equal(runId, Assert.Single(await next.ClaimAsync(other)).RunId);
    }

    [Theory]
    [InlineData("silent")]
    [InlineData("draining")]
    [InlineData("full")]
    [InlineData("none")]
    public async Task Claim_RetryWithoutAnotherThatCanHaveIt_IsTheSameAgentsAtOnce(string why)
    {
        using var rig = new RunRig();
        var failing = rig.NewAgent("failing");
        var runId = await FailAsync(rig, failing, other: null, async () =>
        {
            if (why == "none")
                return;
            var other = rig.NewAgent("other");
            if (why != "silent")
                await rig.BeatAsync(other);
            if (why == "draining")
                await rig.Get<Standings>().ChangeAsync(other, (_, now) => new(now), CancellationToken.None);
            if (why != "full")
                return;
            for (var i = 0; i < 3; i++)
                await rig.StartAsync();
            await rig.ClaimAsync(other, max: 3);
        });

        Assert.Equal(runId, Assert.Single(await rig.ClaimAsync(failing)).RunId);
    }

    [Fact]
    public async Task Claim_RetryOfATaskThatWasLost_IsAnybodys()
    {
        using var rig = new RunRig();
        var (agent, other) = (rig.NewAgent("agent"), rig.NewAgent("other"));
        await rig.BeatAsync(other);
        var runId = await rig.StartAsync();
        var task = Assert.Single(await rig.ClaimAsync(agent));
        await rig.Get<AttemptSettler>().SettleAsync([AttemptReport.Lost(agent, task.TaskId, 1, "lost")], CancellationToken.None);
        await rig.AdvanceAsync(runId);

        Assert.Equal(runId, Assert.Single(await rig.ClaimAsync(agent)).RunId);
    }

    /// <returns>A run whose task has failed on the agent and is ready again.</returns>
    private static async Task<string> FailAsync(RunRig rig, string failing, string? other, Func<Task>? then = null)
    {
        var runId = await rig.StartAsync();
        var task = Assert.Single(await rig.ClaimAsync(failing));
        var failed = RunRig.Succeeded(task) with { Outcome = new AttemptOutcome.FailedWith(FailureClass.Resource, "busy") };
        await rig.Get<AttemptSettler>().SettleAsync([failed], CancellationToken.None);
        rig.Clock.Advance(Backoff);
        await rig.BeatAsync(failing);
        if (other is not null)
            await rig.BeatAsync(other);
        if (then is not null)
            await then();
        await rig.AdvanceAsync(runId);
        Assert.Equal(Core.Runs.TaskStatus.Ready, (await rig.TaskAsync(runId)).State.Status);
        return runId;
    }
}
