using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Tests.Support;
using Headgate.Ports;
using Xunit;

namespace Headgate.Functions.Tests.Dispatch;

public sealed class HeartbeatTests
{
    [Fact]
    public async Task Beat_ResultComesBetweenLookAndWrite_TheSlotIsFree()
    {
        using var rig = new RunRig();
        var agent = rig.NewAgent();
        await rig.StartAsync();
        var task = Assert.Single(await rig.ClaimAsync(agent));

        rig.BeforeWriteTo(Table.Agents, async () => await rig.ReportAsync(task));
        await rig.BeatAsync(agent, task);

        Assert.Empty((await rig.AgentAsync(agent)).Holdings);
    }

    [Fact]
    public async Task Beat_ReservationThatNoTaskConfirms_DroppedAfterTwoMisses()
    {
        using var rig = new RunRig();
        var agent = rig.NewAgent();
        var runId = await rig.StartAsync();
        rig.Tables.Put(Table.Agents, HoldingRow.Write(new Holding(agent, $"{runId}.one", RunRig.Tenant, "work", 1, 3, 0)));

        await rig.BeatAsync(agent);
        Assert.Single((await rig.AgentAsync(agent)).Held);
        await rig.BeatAsync(agent);

        Assert.Empty((await rig.AgentAsync(agent)).Holdings);
        Assert.Single(await rig.ClaimAsync(agent));
    }

    [Fact]
    public async Task Beat_TaskCompletedInSpiteOfTheCancel_TheWishIsForgotten()
    {
        using var rig = new RunRig();
        var agent = rig.NewAgent();
        var runId = await rig.StartAsync();
        var task = Assert.Single(await rig.ClaimAsync(agent));
        var run = (await rig.Get<RunReader>().RunAsync(RunRig.Tenant, runId))!;
        rig.Tables.Put(Table.Tenants, run.CancelRequested("test", rig.Clock.GetUtcNow()).Row);
        await rig.AdvanceAsync(runId);
        Assert.Equal([task.TaskId], (await rig.BeatAsync(agent, task)).Cancel);

        await rig.ReportAsync(task);
        await rig.BeatAsync(agent);

        Assert.Empty((await rig.AgentAsync(agent)).CancelRequested);
    }
}
