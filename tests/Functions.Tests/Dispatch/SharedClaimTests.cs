using Headgate.Core.Agents;
using Headgate.Core.Dispatch;
using Headgate.Core.Tenants;
using Headgate.Functions.Dispatch;
using Headgate.Functions.Maintenance;
using Headgate.Functions.Options;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Tasks;
using Headgate.Functions.Tests.Support;
using Headgate.Ports;
using Xunit;

namespace Headgate.Functions.Tests.Dispatch;

/// <summary>Claims that wait where ready tasks are read from their table.</summary>
public sealed class SharedClaimTests
{
    private static readonly HeadgateOptions Held = new() { Claims = new ClaimOptions(MaxWaitSeconds: 30) };

    [Fact]
    public async Task Claim_WaitingWhenATaskBecomesReady_GetsItAndThePoolIsNeverWritten()
    {
        using var rig = new RunRig(Held, shared: true);
        rig.Tables.Submitting = change =>
        {
            Assert.DoesNotContain(change.Batches, batch => batch.Table == Table.Ready);
            return Task.CompletedTask;
        };

        var waiting = WaitAsync(rig, rig.NewAgent());
        var runId = await rig.StartAsync();

        Assert.Equal(runId, Assert.Single(await waiting).RunId);
    }

    [Fact]
    public async Task Claim_GivenATaskItsTenantMayNotRunAnyMore_LeavesItInThePool()
    {
        using var rig = new RunRig(Held, shared: true);
        var agent = rig.NewAgent();
        var waiting = WaitAsync(rig, agent);
        var runId = await rig.SubmitAsync();
        rig.BeforeWriteTo(Table.Tasks, () =>
        {
            rig.SetStatus(TenantStatus.Paused);
            return Task.CompletedTask;
        });
        await rig.AdvanceAsync(runId);

        Assert.Empty(await waiting);
        Assert.Equal([$"{runId}.one"], await PoolAsync(rig));
        rig.SetStatus(TenantStatus.Active);
        rig.Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(runId, Assert.Single(await rig.ClaimAsync(agent)).RunId);
    }

    [Fact]
    public async Task Claim_GivenATaskItHasNoRoomForAnyMore_LeavesItInThePool()
    {
        using var rig = new RunRig(Held, shared: true);
        var agent = rig.NewAgent();
        var waiting = WaitAsync(rig, agent);
        var full = (await rig.AgentAsync(agent)).Agent with { Limits = AgentLimits.Default with { TypeLimits = new Dictionary<string, int> { ["work"] = 0 } } };
        rig.Tables.Put(Table.Agents, AgentRow.Write(full));

        var runId = await rig.StartAsync();

        Assert.Empty(await waiting);
        Assert.Equal([$"{runId}.one"], await PoolAsync(rig));
    }

    [Fact]
    public async Task Repair_TaskWhoseProcessEndedBeforeItHandedItOut_StandsInThePool()
    {
        using var rig = new RunRig(Held, shared: true);
        // A claim of which nothing more is heard, as when its process is killed.
        using var killed = new CancellationTokenSource();
        var offer = new AgentOffer("agt", null, new HashSet<string>(["work"]), new Dictionary<string, string>());
        var given = rig.Get<IReadyTasks>().WaitAsync(offer, new AgentLoad(AgentLimits.Default, []), TimeSpan.FromSeconds(30), killed.Token);
        var runId = await rig.StartAsync();
        Assert.NotNull(await given);
        Assert.Empty(await PoolAsync(rig));

        rig.Clock.Advance(new HeadgateOptions().Repair.Patience);
        await rig.Get<TaskRepair>().RunAsync(runId, CancellationToken.None);

        Assert.Equal(runId, Assert.Single(await rig.ClaimAsync(rig.NewAgent())).RunId);
        Assert.Empty(await PoolAsync(rig));
    }

    private static async Task<List<TaskRecord>> WaitAsync(RunRig rig, string agentId) =>
        Assert.IsType<ClaimOutcome.Given>(await rig.Get<Claims>().ClaimAsync(agentId, null, 1, TimeSpan.FromSeconds(30), CancellationToken.None)).Tasks;

    private static async Task<IEnumerable<string>> PoolAsync(RunRig rig) =>
        (await rig.Tables.QueryAsync(new TableQuery(Table.Ready, null))).Rows.Select(row => ReadyRow.Read(row).TaskId);
}
