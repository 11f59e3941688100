using Headgate.Core.Agents;
using Headgate.Core.Failures;
using Headgate.Core.Runs;
using Headgate.Functions.Dispatch;
using Headgate.Functions.Options;
using Headgate.Functions.Runs;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Tasks;
using Headgate.Functions.Tests.Support;
using Xunit;

namespace Headgate.Functions.Tests.Dispatch;

/// <summary>Agents whose tasks fail, compared with others by what stands in rows.</summary>
public sealed class AgentComparisonTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Judge_FiveFailuresWhileAnotherSucceeds_PutsTheAgentInQuarantine(bool shared)
    {
        using var rig = new RunRig(shared: shared);
        var (broken, healthy) = (rig.NewAgent("broken"), rig.NewAgent("healthy"));
        Assert.False(await EndAsync(rig, broken, Failure()));
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(await EndAsync(rig, healthy, new AttemptOutcome.Succeeded()));
        for (var i = 0; i < 3; i++)
            Assert.False(await EndAsync(rig, broken, Failure(FailureClass.Resource)));
        Assert.True(await EndAsync(rig, broken, Failure()));

        var kept = await rig.Get<AgentComparison>().JudgeAsync(broken, "work", CancellationToken.None);

        var quarantine = (await rig.AgentAsync(broken)).Agent.Standing.Quarantine!;
        Assert.Equal(quarantine, kept!.Standing.Quarantine);
        Assert.Equal("service", quarantine.By);
        Assert.Contains(healthy, quarantine.Reason, StringComparison.Ordinal);
        await rig.StartAsync();
        Assert.Empty(await rig.ClaimAsync(broken));
        Assert.Single(await rig.ClaimAsync(healthy));
    }

    [Fact]
    public async Task Judge_ByAProcessThatHasSeenNothing_DecidesTheSame()
    {
        using var rig = new RunRig(shared: true);
        var (broken, healthy) = (rig.NewAgent("broken"), rig.NewAgent("healthy"));
        for (var i = 0; i < 5; i++)
        {
            using var process = rig.OtherProcess();
            await EndAsync(process, broken, Failure());
            rig.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        await EndAsync(rig.OtherProcess(), healthy, new AttemptOutcome.Succeeded());

        Assert.NotNull(await rig.OtherProcess().Get<AgentComparison>().JudgeAsync(broken, "work", CancellationToken.None));
    }

    [Fact]
    public async Task Judge_NobodySucceeds_LeavesEverybodyAlone()
    {
        using var rig = new RunRig();
        string[] agents = [rig.NewAgent("one"), rig.NewAgent("two")];
        foreach (var agent in agents)
            await EndAsync(rig, agent, new AttemptOutcome.Succeeded());
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 6; i++)
        {
            foreach (var agent in agents)
                await EndAsync(rig, agent, Failure());
        }

        foreach (var agent in agents)
            Assert.Null(await rig.Get<AgentComparison>().JudgeAsync(agent, "work", CancellationToken.None));
    }

    [Theory]
    [InlineData(FailureClass.Network)]
    [InlineData(FailureClass.Auth)]
    [InlineData(FailureClass.Permanent)]
    [InlineData(FailureClass.Timeout)]
    public async Task Settle_FailureThatIsNotTheMachines_BeginsTheCountAnew(FailureClass other)
    {
        using var rig = new RunRig();
        var agent = rig.NewAgent();
        for (var i = 0; i < 4; i++)
            await EndAsync(rig, agent, Failure());

        await EndAsync(rig, agent, Failure(other));

        Assert.Equal(0, (await rig.AgentAsync(agent)).Records["work"].Failures);
    }

    [Fact]
    public async Task Judge_SwitchedOff_LeavesTheAgentAlone()
    {
        using var rig = new RunRig(new HeadgateOptions { Agents = new(SelfQuarantine: false) });
        var broken = rig.NewAgent("broken");
        for (var i = 0; i < 5; i++)
            await EndAsync(rig, broken, Failure());
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        await EndAsync(rig, rig.NewAgent("healthy"), new AttemptOutcome.Succeeded());

        Assert.Null(await rig.Get<AgentComparison>().JudgeAsync(broken, "work", CancellationToken.None));
    }

    [Fact]
    public async Task Release_OfAnAgentInQuarantine_ForgivesItsFailures()
    {
        using var rig = new RunRig();
        var broken = rig.NewAgent("broken");
        for (var i = 0; i < 5; i++)
            await EndAsync(rig, broken, Failure());
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        await EndAsync(rig, rig.NewAgent("healthy"), new AttemptOutcome.Succeeded());
        await rig.Get<AgentComparison>().JudgeAsync(broken, "work", CancellationToken.None);

        await rig.Get<Standings>().ChangeAsync(broken, (was, _) => was.Agent.Standing with { Quarantine = null }, CancellationToken.None);

        Assert.False(await EndAsync(rig, broken, Failure()));
        Assert.Equal(1, (await rig.AgentAsync(broken)).Records["work"].Failures);
        Assert.Null(await rig.Get<AgentComparison>().JudgeAsync(broken, "work", CancellationToken.None));
    }

    [Fact]
    public async Task Settle_AlikeSuccesses_WriteTheRecordEveryFewSeconds()
    {
        using var rig = new RunRig();
        var agent = rig.NewAgent();
        await EndAsync(rig, agent, new AttemptOutcome.Succeeded(), seconds: 10);
        await EndAsync(rig, agent, new AttemptOutcome.Succeeded(), seconds: 20);
        Assert.Equal(10, (await rig.AgentAsync(agent)).Records["work"].UsualSeconds);

        rig.Clock.Advance(TimeSpan.FromSeconds(5));
        await EndAsync(rig, agent, new AttemptOutcome.Succeeded(), seconds: 12);

        Assert.Equal(12, (await rig.AgentAsync(agent)).Records["work"].UsualSeconds);
    }

    /// <returns>Whether the agent is to be compared.</returns>
    private static async Task<bool> EndAsync(RunRig rig, string agent, AttemptOutcome outcome, double? seconds = null)
    {
        var offer = await rig.StartAsync();
        TaskRecord task;
        while ((task = Assert.Single(await rig.ClaimAsync(agent))).RunId != offer)
            await rig.ReportAsync(task);
        var result = (await rig.Get<AttemptSettler>().SettleAsync([RunRig.Succeeded(task) with { Outcome = outcome, DurationSeconds = seconds }], CancellationToken.None))[0];
        return Assert.IsType<ReportResult.Settled>(result).SuspectType is not null;
    }

    private static AttemptOutcome.FailedWith Failure(FailureClass failure = FailureClass.Unknown) => new(failure, "failed");
}
