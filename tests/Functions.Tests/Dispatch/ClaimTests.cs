using Headgate.Core.Runs;
using Headgate.Core.Tenants;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Tasks;
using Headgate.Functions.Tests.Support;
using Headgate.Ports;
using Xunit;
using TaskStatus = Headgate.Core.Runs.TaskStatus;

namespace Headgate.Functions.Tests.Dispatch;

public sealed class ClaimTests
{
    [Fact]
    public async Task Claim_OneOfTwoTasksLostHalfWay_TheOtherIsHandedOutAndHeld()
    {
        using var rig = new RunRig();
        var agent = rig.NewAgent();
        string[] runs = [await rig.StartAsync(), await rig.StartAsync()];
        var last = runs.Max(StringComparer.Ordinal)!;

        // Batches follow the order of partitions: the first run's task is written before the second one's is refused.
        rig.BeforeWriteTo(Table.Tasks, async () => rig.Tables.Put(Table.Tasks, TaskRow.Write(await rig.TaskAsync(last))));
        var first = Assert.Single(await rig.ClaimAsync(agent, max: 2));

        Assert.NotEqual(last, first.RunId);
        Assert.Equal([first.TaskId], (await rig.AgentAsync(agent)).Held.Select(held => held.TaskId));
        Assert.Equal(last, Assert.Single(await rig.ClaimAsync(agent, max: 2)).RunId);
        Assert.Equal(2, (await rig.AgentAsync(agent)).Held.Count());
    }

    [Fact]
    public async Task Claim_TenantResumedWhileItIsHeld_TaskComesWithTheNextClaim()
    {
        using var rig = new RunRig();
        var agent = rig.NewAgent();
        var runId = await rig.StartAsync();
        rig.SetStatus(TenantStatus.Paused);

        rig.Tables.Queried = query =>
        {
            if (query.Table == Table.Tenants)
            {
                rig.SetStatus(TenantStatus.Active);
                rig.Get<IReadyTasks>().Release(RunRig.Tenant);
            }

            return Task.CompletedTask;
        };
        Assert.Empty(await rig.ClaimAsync(agent));
        rig.Tables.Queried = null;

        Assert.Equal(runId, Assert.Single(await rig.ClaimAsync(agent)).RunId);
    }

    [Fact]
    public async Task Claim_TenantResumedWithoutARelease_TaskComesAfterAWhile()
    {
        using var rig = new RunRig();
        var agent = rig.NewAgent();
        var runId = await rig.StartAsync();
        rig.SetStatus(TenantStatus.Paused);
        Assert.Empty(await rig.ClaimAsync(agent));

        rig.SetStatus(TenantStatus.Active);
        rig.Clock.Advance(TimeSpan.FromSeconds(15));

        Assert.Equal(runId, Assert.Single(await rig.ClaimAsync(agent)).RunId);
    }

    [Fact]
    public async Task Claim_StoreFailsInBetween_TaskIsNotLost()
    {
        using var rig = new RunRig();
        var agent = rig.NewAgent();
        var runId = await rig.StartAsync();

        rig.BeforeWriteTo(Table.Tasks, () => Task.FromException(new StoreUnavailableException("away")));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => rig.ClaimAsync(agent));

        Assert.Equal(TaskStatus.Ready, (await rig.TaskAsync(runId)).State.Status);
        Assert.Equal(runId, Assert.Single(await rig.ClaimAsync(agent)).RunId);
    }
}
