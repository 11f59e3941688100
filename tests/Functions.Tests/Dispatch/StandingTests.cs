using Headgate.Core.Agents;
using Headgate.Functions.Dispatch;
using Headgate.Functions.Options;
using Headgate.Functions.Tests.Support;
using Headgate.Ports;
using Xunit;
using TaskStatus = Headgate.Core.Runs.TaskStatus;

namespace Headgate.Functions.Tests.Dispatch;

/// <summary>Agents that are kept from work while something else is under way.</summary>
public sealed class StandingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly HeadgateOptions Holding = new() { Claims = new(30) };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Drain_WhileAClaimIsHeld_EndsIt(bool shared)
    {
        using var rig = new RunRig(Holding, shared: shared);
        var agent = rig.NewAgent();
        var claim = ClaimAsync(rig, agent);
        Assert.False(claim.IsCompleted);

        await DrainAsync(rig, agent);

        Assert.Empty(Given(await claim.WaitAsync(Patience)).Tasks);
    }

    [Fact]
    public async Task Undrain_WhileAClaimIsHeld_GivesItTheWorkThatWaits()
    {
        using var rig = new RunRig(Holding);
        var agent = rig.NewAgent();
        await DrainAsync(rig, agent);
        var runId = await rig.StartAsync();
        var claim = ClaimAsync(rig, agent);
        Assert.False(claim.IsCompleted);

        await rig.Get<Standings>().ChangeAsync(agent, (was, _) => was.Agent.Standing with { DrainedAt = null }, CancellationToken.None);

        Assert.Equal(runId, Assert.Single(Given(await claim.WaitAsync(Patience)).Tasks).RunId);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Drain_ByAnotherProcessDuringAHandOut_LeavesTheTask(bool shared)
    {
        using var rig = new RunRig(shared: shared);
        using var other = rig.OtherProcess();
        var agent = rig.NewAgent();
        await rig.BeatAsync(agent);
        var runId = await rig.StartAsync();

        rig.BeforeWriteTo(Table.Agents, () => DrainAsync(other, agent));
        Assert.Empty(await rig.ClaimAsync(agent));

        Assert.Equal(TaskStatus.Ready, (await rig.TaskAsync(runId)).State.Status);
        Assert.Equal(runId, Assert.Single(await rig.ClaimAsync(rig.NewAgent("two"))).RunId);
    }

    [Fact]
    public async Task Change_RacingWithAHeartbeatThatTellsAnotherVersion_BothStand()
    {
        using var rig = new RunRig();
        var agent = rig.NewAgent();
        await rig.BeatAsync(agent);

        rig.BeforeWriteTo(Table.Agents, async () => await rig.OtherProcess().Get<Heartbeats>().BeatAsync(agent, new("2", "linux", 1), isFenced: false, CancellationToken.None));
        await DrainAsync(rig, agent);

        var after = (await rig.AgentAsync(agent)).Agent;
        Assert.Equal("2", after.Version);
        Assert.NotNull(after.Standing.DrainedAt);
    }

    private static Task<ClaimOutcome> ClaimAsync(RunRig rig, string agent) =>
        rig.Get<Claims>().ClaimAsync(agent, null, 1, TimeSpan.FromSeconds(30), CancellationToken.None);

    private static ClaimOutcome.Given Given(ClaimOutcome outcome) => Assert.IsType<ClaimOutcome.Given>(outcome);

    private static async Task DrainAsync(RunRig rig, string agent) =>
        await rig.Get<Standings>().ChangeAsync(agent, (_, now) => new AgentStanding(now), CancellationToken.None);
}
