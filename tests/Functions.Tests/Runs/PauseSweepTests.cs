using Headgate.Core.Admission;
using Headgate.Core.Plans;
using Headgate.Core.Tenants;
using Headgate.Functions.Maintenance;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Tests.Support;
using Headgate.Ports;
using Xunit;

namespace Headgate.Functions.Tests.Runs;

/// <summary>Pauses that end, whatever became of the list of them.</summary>
public sealed class PauseSweepTests
{
    [Fact]
    public async Task Run_TenantPausedUntilLater_StaysListedWithThatTime()
    {
        using var rig = new RunRig();
        var now = rig.Clock.GetUtcNow();
        Pause(rig, now.AddHours(1));
        List(rig, RunRig.Tenant, now);

        await rig.Get<PauseSweep>().RunAsync(null!, CancellationToken.None);

        Assert.Equal(now.AddHours(1), PauseEndRow.Until((await rig.Tables.GetAsync(Table.Tenants, RowKeys.PauseEnds, RunRig.Tenant))!));
    }

    [Fact]
    public async Task Run_RowIsTakenAwayMeanwhile_StillEndsThePause()
    {
        using var rig = new RunRig();
        var now = rig.Clock.GetUtcNow();
        Pause(rig, now);
        List(rig, RunRig.Tenant, now);
        rig.BeforeWriteTo(Table.Tenants, async () => await rig.Tables.SubmitAsync(new TableChange(PauseEndRow.Gone(RunRig.Tenant))));

        await rig.Get<PauseSweep>().RunAsync(new WokenRuns(), CancellationToken.None);

        Assert.Equal(TenantStatus.Active, await StoredAsync(rig));
    }

    [Fact]
    public async Task Run_MoreThanAPageOfLaterOnes_EndsTheLastOne()
    {
        using var rig = new RunRig();
        var now = rig.Clock.GetUtcNow();
        for (var i = 0; i < 1000; i++)
            List(rig, $"a{i:D4}", now.AddHours(1));
        List(rig, "b", now);

        await rig.Get<PauseSweep>().RunAsync(null!, CancellationToken.None);

        Assert.Null(await rig.Tables.GetAsync(Table.Tenants, RowKeys.PauseEnds, "b"));
    }

    [Fact]
    public async Task Repair_PauseThatIsNotListed_IsEnded()
    {
        using var rig = new RunRig();
        Pause(rig, rig.Clock.GetUtcNow().AddHours(1));

        await rig.Get<RunRepair>().RunAsync(null!, CancellationToken.None);
        Assert.Equal(TenantStatus.Paused, await StoredAsync(rig));
        rig.Clock.Advance(TimeSpan.FromHours(1));
        await rig.Get<RunRepair>().RunAsync(null!, CancellationToken.None);

        Assert.Equal(TenantStatus.Active, await StoredAsync(rig));
        Assert.Single((await rig.Tables.QueryAsync(new TableQuery(Table.Audit, RunRig.Tenant))).Rows);
    }

    [Fact]
    public async Task SweepLeases_OtherSweepsFail_PausesEnd()
    {
        using var rig = new RunRig();
        var now = rig.Clock.GetUtcNow();
        Pause(rig, now);
        List(rig, RunRig.Tenant, now);
        rig.Tables.Queried = query => query.Table is Table.Agents or Table.AgentsByOwner ? throw new InvalidDataException("broken") : Task.CompletedTask;
        var sweep = new SweepLeases(rig.Get<LeaseSweep>(), rig.Get<TimeoutSweep>(), rig.Get<PauseSweep>());

        await Assert.ThrowsAsync<InvalidDataException>(() => sweep.RunAsync(null!, null!, CancellationToken.None));

        Assert.Equal(TenantStatus.Active, await StoredAsync(rig));
    }

    private static void Pause(RunRig rig, DateTimeOffset until)
    {
        var now = rig.Clock.GetUtcNow();
        var ledger = Ledger.Open("pro", LimitOverrides.None, now) with { Status = TenantStatus.Paused, Pause = new PauseRecord("r", "key:k", now, until) };
        rig.Tables.Put(Table.Tenants, LedgerRow.Write(RunRig.Tenant, ledger, null));
    }

    private static void List(RunRig rig, string tenantId, DateTimeOffset until) => rig.Tables.Put(Table.Tenants, PauseEndRow.Written(tenantId, until).Writes[0].Row);

    private static async Task<TenantStatus> StoredAsync(RunRig rig) => LedgerRow.Read((await rig.Tables.GetAsync(Table.Tenants, RunRig.Tenant, RowKeys.Ledger))!).Status;
}
