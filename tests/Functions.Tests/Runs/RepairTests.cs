using Headgate.Core.Failures;
using Headgate.Functions.Admission;
using Headgate.Functions.Maintenance;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Tasks;
using Headgate.Functions.Tests.Support;
using Headgate.Ports;
using Xunit;
using TaskStatus = Headgate.Core.Runs.TaskStatus;

namespace Headgate.Functions.Tests.Runs;

public sealed class RepairTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RepairTasks_HeldWithoutReservation_TriedElsewhere(bool ofAnEarlierAttempt)
    {
        using var rig = new RunRig();
        var agent = rig.NewAgent();
        var runId = await rig.StartAsync();
        var task = Assert.Single(await rig.ClaimAsync(agent));
        await rig.Tables.SubmitAsync(new TableChange(new TableBatch(Table.Agents, TableWrite.DeleteIfExists(agent, RowKeys.Holding(task.TaskId)))));
        if (ofAnEarlierAttempt)
            rig.Tables.Put(Table.Agents, HoldingRow.Write(Holding.Of(task) with { Attempt = 0 }));

        rig.Clock.Advance(TimeSpan.FromSeconds(29));
        await rig.Get<TaskRepair>().RunAsync(runId, CancellationToken.None);
        Assert.Equal(TaskStatus.Assigned, (await rig.TaskAsync(runId)).State.Status);
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        await rig.Get<TaskRepair>().RunAsync(runId, CancellationToken.None);
        await rig.AdvanceAsync(runId);

        Assert.Equal(2, Assert.Single(await rig.ClaimAsync(rig.NewAgent("two"))).State.Attempt);
    }

    [Fact]
    public async Task RepairTasks_ReadyInThePoolThatNobodyWasToldOf_IsHandedOut()
    {
        using var rig = new RunRig();
        var runId = await rig.StartAsync();
        rig.Get<IReadyTasks>().Remove($"{runId}.one");

        rig.Clock.Advance(TimeSpan.FromSeconds(30));
        await rig.Get<TaskRepair>().RunAsync(runId, CancellationToken.None);

        Assert.Single(await rig.ClaimAsync(rig.NewAgent()));
    }

    [Fact]
    public async Task RepairTasks_ReadySinceAnHourAheadOfTheClock_IsHandedOut()
    {
        using var rig = new RunRig();
        var runId = await rig.StartAsync();
        rig.Get<IReadyTasks>().Remove($"{runId}.one");
        var task = await rig.TaskAsync(runId);
        rig.Tables.Put(Table.Tasks, TaskRow.Write(task with { ReadySince = task.ReadySince + TimeSpan.FromHours(1) }));

        await rig.Get<TaskRepair>().RunAsync(runId, CancellationToken.None);

        Assert.Single(await rig.ClaimAsync(rig.NewAgent()));
    }

    [Fact]
    public async Task RepairTasks_CancelledSinceTheyWereRead_AreNotOfferedAgain()
    {
        using var rig = new RunRig();
        var runId = await rig.StartAsync();
        rig.Clock.Advance(TimeSpan.FromSeconds(30));
        rig.Tables.Queried = async query =>
        {
            if (query.Table != Table.Tasks)
                return;
            rig.Tables.Queried = null;
            var run = (await rig.Get<RunReader>().RunAsync(RunRig.Tenant, runId))!;
            rig.Tables.Put(Table.Tenants, run.CancelRequested("somebody", rig.Clock.GetUtcNow()).Row);
            await rig.AdvanceAsync(runId);
        };

        await rig.Get<TaskRepair>().RunAsync(runId, CancellationToken.None);

        Assert.Equal(TaskStatus.Cancelled, (await rig.TaskAsync(runId)).State.Status);
        Assert.Equal(0, (await rig.Get<IReadyTasks>().DepthAsync()).Depth);
        Assert.Empty((await rig.Tables.QueryAsync(new TableQuery(Table.Ready, null))).Rows);
    }

    [Fact]
    public async Task Sweep_OneAgentCannotBeRead_TheOthersStillLoseTheirTasks()
    {
        using var rig = new RunRig();
        string[] agents = [rig.NewAgent(), rig.NewAgent("two")];
        Array.Sort(agents, StringComparer.Ordinal);
        var runId = await rig.StartAsync();
        Assert.Single(await rig.ClaimAsync(agents[1]));
        rig.Tables.Put(Table.Agents, new TableRow(agents[0], RowKeys.Holding("broken"), []));

        rig.Clock.Advance(TimeSpan.FromSeconds(31));
        await rig.Get<LeaseSweep>().RunAsync(null!, CancellationToken.None);

        Assert.Equal(FailureClass.LostAgent, (await rig.TaskAsync(runId)).State.LastErrorClass);
    }

    [Fact]
    public async Task Sweep_ClockSetForwardInTheFirstRound_EndsNoLease()
    {
        using var rig = new RunRig();
        var agent = rig.NewAgent();
        var runId = await rig.StartAsync();
        var task = Assert.Single(await rig.ClaimAsync(agent));
        await rig.BeatAsync(agent, task);
        using var next = rig.NextProcess();
        rig.Tables.Queried = _ =>
        {
            rig.Wall.Offset = TimeSpan.FromHours(1);
            return Task.CompletedTask;
        };

        await next.Get<LeaseSweep>().RunAsync(null!, CancellationToken.None);

        Assert.Null((await rig.TaskAsync(runId)).State.LastErrorClass);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 3)]
    public async Task Sweep_OfASilentAgentWithoutTasks_ReadsItAgainOnlyWhereOtherProcessesMayGiveItSome(bool shared, int reads)
    {
        using var rig = new RunRig(shared: shared);
        var agent = rig.NewAgent();
        var sweep = rig.Get<LeaseSweep>();
        var seen = 0;
        rig.Tables.Queried = query =>
        {
            seen += query.Table == Table.Agents && query.PartitionKey == agent ? 1 : 0;
            return Task.CompletedTask;
        };

        await sweep.RunAsync(null!, CancellationToken.None);
        for (var i = 0; i < 3; i++)
        {
            rig.Clock.Advance(TimeSpan.FromSeconds(31));
            await sweep.RunAsync(null!, CancellationToken.None);
        }

        Assert.Equal(reads, seen);
    }

    [Fact]
    public async Task Sweep_OfAnAgentThatGotATaskAfterItWasFoundEmpty_SettlesIt()
    {
        using var rig = new RunRig();
        var agent = rig.NewAgent();
        rig.Clock.Advance(TimeSpan.FromSeconds(31));
        await rig.Get<LeaseSweep>().RunAsync(null!, CancellationToken.None);
        var runId = await rig.StartAsync();
        Assert.Single(await rig.ClaimAsync(agent));

        rig.Clock.Advance(TimeSpan.FromSeconds(31));
        await rig.Get<LeaseSweep>().RunAsync(null!, CancellationToken.None);

        Assert.Equal(FailureClass.LostAgent, (await rig.TaskAsync(runId)).State.LastErrorClass);
    }

    [Fact]
    public async Task Repair_CorrectedInOneWriteWithAnAdmission_KeepsItsSlot()
    {
        using var rig = new RunRig();
        var ledger = (await rig.Get<TenantReader>().ReadAsync(RunRig.Tenant))!.Ledger;
        rig.Tables.Put(Table.Tenants, LedgerRow.Write(RunRig.Tenant, ledger with { InFlight = 3 }, null));
        var before = (await rig.Get<TenantReader>().ReadAsync(RunRig.Tenant))!;
        await rig.Get<LedgerRepair>().ReconcileAsync(before, 0, 0, CancellationToken.None);
        rig.Clock.Advance(TimeSpan.FromSeconds(30));

        // The lane stands while it reads for a change that writes nothing: what comes meanwhile is decided and written together.
        var reading = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        rig.Tables.Queried = _ =>
        {
            rig.Tables.Queried = null;
            return reading.Task;
        };
        var look = rig.Get<TenantGate>().StartWaitingAsync(RunRig.Tenant);
        var admission = rig.SubmitAsync();
        var correction = rig.Get<LedgerRepair>().ReconcileAsync(before, 0, 0, CancellationToken.None);
        reading.SetResult();
        await Task.WhenAll(look, admission, correction);

        Assert.Equal(1, (await rig.Get<TenantReader>().ReadAsync(RunRig.Tenant))!.Ledger.InFlight);
    }

    [Fact]
    public async Task Repair_OneTenantCannotBeRead_TheOthersAreStillReconciled()
    {
        using var rig = new RunRig();
        rig.Tables.Put(Table.Tenants, new TableRow(RowKeys.TenantDirectory, "a-broken-one", []));
        rig.Tables.Put(Table.Tenants, new TableRow("a-broken-one", RowKeys.Ledger, []));
        var tenants = rig.Get<TenantReader>();
        var ledger = (await tenants.ReadAsync(RunRig.Tenant))!.Ledger;
        rig.Tables.Put(Table.Tenants, LedgerRow.Write(RunRig.Tenant, ledger with { InFlight = 3 }, null));

        await rig.Get<RunRepair>().RunAsync(null!, CancellationToken.None);
        rig.Clock.Advance(TimeSpan.FromSeconds(30));
        await rig.Get<RunRepair>().RunAsync(null!, CancellationToken.None);

        Assert.Equal(0, (await tenants.ReadAsync(RunRig.Tenant))!.Ledger.InFlight);
    }
}
