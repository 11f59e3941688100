using Headgate.Functions.Maintenance;
using Headgate.Functions.Options;
using Headgate.Functions.Runs;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Tasks;
using Headgate.Functions.Tasks.Desk;
using Headgate.Functions.Tests.Support;
using Headgate.Ports;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Headgate.Functions.Tests.Runs;

/// <summary>Tasks with a timeout of 60 s under a lease of 30 s, held by agents that go on living.</summary>
public sealed class TimeoutSweepTests : IDisposable
{
    private readonly RunRig _rig = new();
    private readonly WokenRuns _woken = new();

    [Fact]
    public async Task Sweep_TaskHeldBeyondTimeoutAndLease_WakesItsRunOnce()
    {
        var runId = await HeldAsync(_rig.NewAgent());

        Assert.Empty(await SweptAfterAsync(89.9));
        Assert.Equal([runId], await SweptAfterAsync(0.1));
        Assert.Empty(await SweptAfterAsync(100));
    }

    [Fact]
    public async Task Sweep_AgentGotAnotherTaskLater_FindsEachAtItsTime()
    {
        var agent = _rig.NewAgent();
        var first = await HeldAsync(agent);
        Assert.Empty(await SweptAfterAsync(40));
        var second = await HeldAsync(agent);

        Assert.Equal([first], await SweptAfterAsync(50));
        await _rig.AdvanceAsync(first);
        Assert.Empty(await SweptAfterAsync(39.9));
        Assert.Equal([second], await SweptAfterAsync(0.1));
    }

    [Fact]
    public async Task Sweep_TaskEndedInTime_WakesNobodyAndLeavesTheAgentAlone()
    {
        var agent = _rig.NewAgent();
        var runId = await HeldAsync(agent);
        Assert.IsType<ReportResult.Settled>(await _rig.ReportAsync(await _rig.TaskAsync(runId)));

        Assert.Empty(await SweptAfterAsync(90));
        var reads = 0;
        _rig.Tables.Queried = query =>
        {
            reads += query.PartitionKey == agent ? 1 : 0;
            return Task.CompletedTask;
        };
        Assert.Empty(await SweptAfterAsync(90));
        Assert.Equal(0, reads);
    }

    [Fact]
    public async Task Sweep_HandedOutBeforeTheProcessBegan_FindsItAllTheSame()
    {
        var runId = await HeldAsync(_rig.NewAgent());
        _rig.Clock.Advance(TimeSpan.FromSeconds(30));
        var (restarted, _) = Restarted();

        Assert.Empty(await SweptAfterAsync(0, restarted));
        Assert.Empty(await SweptAfterAsync(59.9, restarted));
        Assert.Equal([runId], await SweptAfterAsync(0.1, restarted));
    }

    [Fact]
    public async Task Sweep_OneAgentCannotBeRead_StillFindsTheOthersTasks()
    {
        string[] agents = [_rig.NewAgent(), _rig.NewAgent("two"), _rig.NewAgent("three")];
        var runIds = new List<string>();
        foreach (var agent in agents)
            runIds.Add(await HeldAsync(agent));
        _rig.Tables.Put(Table.Agents, new TableRow(agents[1], RowKeys.Holding("broken"), []));

        var woken = await SweptAfterAsync(90);

        Assert.Equal([runIds[0], runIds[2]], woken.OrderBy(runIds.IndexOf));
    }

    [Fact]
    public async Task Sweep_AgentCannotBeRead_LeavesItToTheRoundsOfTheLeaseSweep()
    {
        string[] agents = [_rig.NewAgent(), _rig.NewAgent("two")];
        _rig.Tables.Put(Table.Agents, new TableRow(agents[1], RowKeys.Holding("broken"), []));
        var (restarted, desk) = Restarted();

        Assert.Empty(await SweptAfterAsync(0, restarted));

        var round = desk.Rounds.Begin(TimeSpan.MaxValue);
        Assert.Equal([false, true], agents.Select(agent => desk.Rounds.Meet(agent, round)));
    }

    [Fact]
    public async Task Sweep_LookTakesASecond_LeavesTheOtherAgentsToTheNext()
    {
        string[] runIds = [await HeldAsync(_rig.NewAgent()), await HeldAsync(_rig.NewAgent("two"))];
        _rig.Tables.Queried = query =>
        {
            if (query is { Table: Table.Agents, PartitionKey: not null })
                _rig.Clock.Advance(TimeSpan.FromSeconds(1));
            return Task.CompletedTask;
        };

        var first = Assert.Single(await SweptAfterAsync(90));
        var second = Assert.Single(await SweptAfterAsync(0));

        Assert.Equal(runIds.Order(StringComparer.Ordinal), new[] { first, second }.Order(StringComparer.Ordinal));
    }

    public void Dispose() => _rig.Dispose();

    /// <summary>As another process begins, which knows of nobody yet.</summary>
    private (TimeoutSweep Sweep, AgentDesk Desk) Restarted()
    {
        var options = new HeadgateOptions();
        var desk = new AgentDesk(options, _rig.Clock);
        var sweep = new TimeoutSweep(
            _rig.Get<AgentReader>(),
            _rig.Get<RunReader>(),
            desk,
            new TaskTimes(_rig.Clock),
            _rig.Get<RunWaker>(),
            Arrangement.Alone,
            options,
            _rig.Clock,
            NullLogger<TimeoutSweep>.Instance);
        return (sweep, desk);
    }

    /// <returns>The id of a run whose task the agent holds.</returns>
    private async Task<string> HeldAsync(string agentId)
    {
        var runId = await _rig.StartAsync();
        Assert.Single(await _rig.ClaimAsync(agentId));
        return runId;
    }

    private async Task<List<string>> SweptAfterAsync(double seconds, TimeoutSweep? sweep = null)
    {
        _rig.Clock.Advance(TimeSpan.FromSeconds(seconds));
        await (sweep ?? _rig.Get<TimeoutSweep>()).RunAsync(_woken, CancellationToken.None);
        return _woken.Take();
    }
}
