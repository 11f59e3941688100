using Headgate.Core.Agents;
using Headgate.Functions.Dispatch;
using Headgate.Functions.Options;
using Headgate.Functions.Runs;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Tasks;
using Headgate.Functions.Tasks.Desk;
using Headgate.Functions.Tasks.Resources;
using Headgate.Functions.Telemetry;
using Headgate.Functions.Tests.Support;
using Headgate.Ports;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Headgate.Functions.Tests.Dispatch;

/// <summary>Claims of agents that have no room when they ask.</summary>
public sealed class FullAgentClaimTests
{
    private static readonly HeadgateOptions Held = new() { Claims = new ClaimOptions(MaxWaitSeconds: 30) };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Claim_OfAFullAgent_GetsATaskWithTheReportThatMakesRoom(bool shared)
    {
        using var rig = new RunRig(Held, shared: shared);
        var agent = await AgentAsync(rig, AgentLimits.Default with { MaxConcurrentTasks = 1 });
        await rig.StartAsync();
        var first = Assert.Single(await rig.ClaimAsync(agent));

        var waiting = WaitAsync(rig, agent);
        var next = await rig.StartAsync();
        Assert.False(waiting.IsCompleted);
        await rig.ReportAsync(first);

        Assert.Equal(next, Assert.Single(await waiting).RunId);
    }

    [Fact]
    public async Task Claim_OfAFullAgent_WaitsOnForWorkOnceThereIsRoom()
    {
        using var rig = new RunRig(Held);
        var agent = await AgentAsync(rig, AgentLimits.Default with { MaxConcurrentTasks = 1 });
        await rig.StartAsync();
        var first = Assert.Single(await rig.ClaimAsync(agent));

        var waiting = WaitAsync(rig, agent);
        await rig.ReportAsync(first);
        Assert.False(waiting.IsCompleted);
        var next = await rig.StartAsync();

        Assert.Equal(next, Assert.Single(await waiting).RunId);
    }

    [Fact]
    public async Task Claim_OfAnAgentThatStaysFull_EndsEmptyWhenItsTimeIsOver()
    {
        using var rig = new RunRig(Held);
        var agent = await AgentAsync(rig, AgentLimits.Default with { MaxConcurrentTasks = 1 });
        await rig.StartAsync();
        await rig.ClaimAsync(agent);

        var waiting = WaitAsync(rig, agent);
        rig.Clock.Advance(TimeSpan.FromSeconds(29));
        Assert.False(waiting.IsCompleted);
        rig.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Empty(await waiting);
    }

    [Fact]
    public async Task Claim_WithNoRoomForTheTypeThatIsReady_GetsItWithTheReportThatMakesRoom()
    {
        using var rig = new RunRig(Held);
        var agent = await AgentAsync(rig, AgentLimits.Default with { TypeLimits = new Dictionary<string, int> { ["work"] = 1 } });
        await rig.StartAsync();
        var first = Assert.Single(await rig.ClaimAsync(agent));

        var waiting = WaitAsync(rig, agent);
        var next = await rig.StartAsync();
        Assert.False(waiting.IsCompleted);
        await rig.ReportAsync(first);

        Assert.Equal(next, Assert.Single(await waiting).RunId);
    }

    [Fact]
    public async Task Claim_OfAFullAgentWhoseReportWentToAnotherProcess_GetsATaskHalfASecondLater()
    {
        using var rig = new RunRig(Held, shared: true);
        var agent = await AgentAsync(rig, AgentLimits.Default with { MaxConcurrentTasks = 1 });
        await rig.StartAsync();
        var first = Assert.Single(await rig.ClaimAsync(agent));
        var elsewhere = new AttemptSettler(
            rig.Tables,
            rig.Get<RunReader>(),
            rig.Get<IReadyTasks>(),
            new AgentDesk(Held, rig.Clock),
            rig.Get<ResourceBook>(),
            rig.Get<TaskTimes>(),
            Arrangement.Alone,
            rig.Get<IRandomSource>(),
            rig.Clock,
            rig.Get<Metrics>(),
            rig.Get<TrackRecords>(),
            NullLogger<AttemptSettler>.Instance);

        var waiting = WaitAsync(rig, agent);
        var next = await rig.StartAsync();
        await elsewhere.SettleAsync([RunRig.Succeeded(first)], CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        rig.Clock.Advance(TimeSpan.FromMilliseconds(500));

        Assert.Equal(next, Assert.Single(await waiting).RunId);
    }

    [Fact]
    public async Task Claim_OfAFullAgentWhoseTaskTheServerEnds_GetsTheNext()
    {
        using var rig = new RunRig(Held);
        var agent = await AgentAsync(rig, AgentLimits.Default with { MaxConcurrentTasks = 1 });
        var timedOut = await rig.StartAsync();
        Assert.Single(await rig.ClaimAsync(agent));
        rig.Clock.Advance(TimeSpan.FromMinutes(10));

        var waiting = WaitAsync(rig, agent);
        var next = await rig.StartAsync();
        Assert.False(waiting.IsCompleted);
        await rig.AdvanceAsync(timedOut);

        Assert.Equal(next, Assert.Single(await waiting).RunId);
    }

    [Fact]
    public async Task Claim_BehindOneThatWasWakenAndLeft_GetsWhatComes()
    {
        using var rig = new RunRig(Held);
        var agent = await AgentAsync(rig, AgentLimits.Default with { MaxConcurrentTasks = 1 });
        await rig.StartAsync();
        var first = Assert.Single(await rig.ClaimAsync(agent));
        var (leaving, waiting) = (WaitAsync(rig, agent, seconds: 10), WaitAsync(rig, agent));
        await rig.ReportAsync(first);

        rig.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Empty(await leaving);
        var next = await rig.StartAsync();

        Assert.Equal(next, Assert.Single(await waiting).RunId);
    }

    [Fact]
    public async Task Claim_BehindOneOfAProcessThatWasFollowed_GetsWhatComes()
    {
        using var rig = new RunRig(Held);
        var agent = await AgentAsync(rig, AgentLimits.Default with { MaxConcurrentTasks = 1 });
        await rig.BeatAsAsync("one", agent);
        await rig.StartAsync();
        var first = Assert.Single(await rig.ClaimAsync(agent, session: "one"));
        var followed = rig.Get<Claims>().ClaimAsync(agent, "one", 1, TimeSpan.FromSeconds(30), CancellationToken.None);
        await rig.BeatAsAsync("one", agent, ends: true, first);
        await rig.BeatAsAsync("two", agent, running: first);
        var waiting = WaitAsync(rig, agent, session: "two");
        var next = await rig.StartAsync();

        await rig.ReportAsync(first);

        Assert.Equal(next, Assert.Single(await waiting).RunId);
        Assert.IsType<ClaimOutcome.InUse>(await followed);
    }

    private static async Task<string> AgentAsync(RunRig rig, AgentLimits limits)
    {
        var id = rig.NewAgent();
        rig.Tables.Put(Table.Agents, AgentRow.Write((await rig.AgentAsync(id)).Agent with { Limits = limits }));
        return id;
    }

    // The rig's clock stands still: a claim that nobody wakes would wait for ever.
    private static async Task<List<TaskRecord>> WaitAsync(RunRig rig, string agentId, int seconds = 30, string? session = null) =>
        Assert.IsType<ClaimOutcome.Given>(await rig.Get<Claims>().ClaimAsync(agentId, session, 1, TimeSpan.FromSeconds(seconds), CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(1))).Tasks;
}
