using Headgate.Core.Failures;
using Headgate.Functions.Api.Agents;
using Headgate.Functions.Maintenance;
using Headgate.Functions.Runs;
using Headgate.Functions.Security;
using Headgate.Functions.Security.Keys;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Tasks;
using Headgate.Functions.Tasks.Desk;
using Headgate.Functions.Tests.Support;
using Headgate.Ports;
using Xunit;

namespace Headgate.Functions.Tests.Tasks.Desk;

/// <summary>Agents come and go by the thousand: what is known of them goes too.</summary>
public sealed class AgentDeskSizeTests : IDisposable
{
    private const int Many = 10_000;
    private readonly RunRig _rig = new();

    private AgentDesk Desk => _rig.Get<AgentDesk>();

    [Fact]
    public async Task Forget_TenThousandAgentsOfWhomEverythingWasKnown_LeavesTheDeskEmpty()
    {
        for (var i = 0; i < Many; i++)
        {
            using (await Desk.TakeTurnAsync($"agent-{i}", CancellationToken.None))
                Desk.Seen($"agent-{i}", "session");
            Desk.NextPace($"agent-{i}", gotWork: false);
            Desk.LookAfter($"agent-{i}", TimeSpan.FromMinutes(1));
            Desk.Rounds.Watch($"agent-{i}");
            Desk.Free($"agent-{i}");
        }

        Assert.Equal(Many, Desk.Count);
        for (var i = 0; i < Many; i++)
            Desk.Forget($"agent-{i}");

        Assert.Equal(0, Desk.Count);
        _rig.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Empty(Desk.TakeDue());
    }

    [Fact]
    public async Task Sweep_TenThousandAgentsGoSilent_LeavesThoseThatAreHeardOf()
    {
        var agents = Enumerable.Range(0, Many).Select(i => _rig.NewAgent($"agent {i}")).ToList();
        foreach (var agent in agents)
            Desk.Seen(agent);
        await SweepAsync();
        Assert.Equal(Many, Desk.Count);

        _rig.Clock.Advance(TimeSpan.FromSeconds(31));
        Desk.Seen(agents[0]);
        await SweepAsync();

        Assert.Equal(1, Desk.Count);
        Assert.Equal(_rig.Clock.GetUtcNow(), Desk.LastSeen(agents[0], null));
    }

    [Fact]
    public async Task Sweep_SilentAgentHoldsATaskThatCannotBeTaken_StaysUntilItIs()
    {
        var agent = _rig.NewAgent();
        var runId = await _rig.StartAsync();
        Assert.Single(await _rig.ClaimAsync(agent));
        _rig.Clock.Advance(TimeSpan.FromSeconds(31));
        _rig.Tables.Queried = query => query.Table == Table.Agents ? throw new StoreUnavailableException("away") : Task.CompletedTask;
        await SweepAsync();
        Assert.Equal(1, Desk.Count);

        _rig.Tables.Queried = null;
        await SweepAsync();

        Assert.Equal(0, Desk.Count);
        Assert.Equal(FailureClass.LostAgent, (await _rig.TaskAsync(runId)).State.LastErrorClass);
    }

    [Fact]
    public async Task Sweep_AgentWithTasksWhoseEntryMadeRoomForOthers_LosesThemAllTheSame()
    {
        var agent = _rig.NewAgent();
        await SweepWholeAsync();
        var runId = await _rig.StartAsync();
        Assert.Single(await _rig.ClaimAsync(agent));
        _rig.Clock.Advance(TimeSpan.FromSeconds(31));

        for (var i = 0; i < Many; i++)
            Desk.Seen($"other-{i}");
        Assert.Equal(Many, Desk.Count);
        await SweepAsync();

        Assert.Equal(FailureClass.LostAgent, (await _rig.TaskAsync(runId)).State.LastErrorClass);
    }

    [Fact]
    public async Task Remove_AnAgentThatWasHeardOf_ForgetsIt()
    {
        var agent = _rig.NewAgent();
        await _rig.StartAsync();
        Assert.Single(await _rig.ClaimAsync(agent));
        var request = new Exchange("DELETE", $"/agents/{agent}");
        request.Http.Admit(new OperatorCaller("admin"));
        var function = new RemoveAgent(
            _rig.Tables, _rig.Get<AgentReader>(), new KeyStore(_rig.Tables, _rig.Clock), _rig.Get<AttemptSettler>(), _rig.Get<RunWaker>(), Desk, _rig.Get<TrackRecords>(), _rig.Clock);

        await function.RunAsync(request.Http.Request, agent, new FakeInvocation(nameof(RemoveAgent), request.Http), new WokenRuns(), CancellationToken.None);

        Assert.Null(await _rig.Get<AgentReader>().ReadAsync(agent));
        Assert.Equal(0, Desk.Count);
    }

    public void Dispose() => _rig.Dispose();

    private async Task SweepWholeAsync()
    {
        _rig.Clock.Advance(TimeSpan.FromSeconds(31));
        await SweepAsync();
    }

    private async Task SweepAsync()
    {
        await using var engine = new WokenRuns();
        await _rig.Get<LeaseSweep>().RunAsync(engine, CancellationToken.None);
    }
}
