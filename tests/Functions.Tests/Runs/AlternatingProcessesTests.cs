using Headgate.Core.Failures;
using Headgate.Functions.Maintenance;
using Headgate.Functions.Runs;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Tests.Support;
using Headgate.Ports;
using Xunit;

namespace Headgate.Functions.Tests.Runs;

/// <summary>Every round is made by a process of its own, which has seen none before and dies after it.</summary>
public sealed class AlternatingProcessesTests : IDisposable
{
    private readonly RunRig _rig = new(shared: true);

    [Fact]
    public async Task Repair_SlotLeaked_IsGivenBackInTheSecondRoundThatMeetsIt()
    {
        await LeakAsync(3);

        await RoundAsync();
        Assert.Equal(3, await InFlightAsync());
        _rig.Clock.Advance(TimeSpan.FromMinutes(1));
        await RoundAsync();

        Assert.Equal(0, await InFlightAsync());
        Assert.Null((await TenantAsync()).Drift);
    }

    [Fact]
    public async Task Repair_RoundsASecondApart_CorrectNothing()
    {
        await LeakAsync(3);

        await RoundAsync();
        _rig.Clock.Advance(TimeSpan.FromSeconds(1));
        await RoundAsync();

        Assert.Equal(3, await InFlightAsync());
    }

    [Fact]
    public async Task Repair_DriftGoneInBetween_IsSeenForTheFirstTimeAgain()
    {
        await LeakAsync(3);
        await RoundAsync();
        await LeakAsync(0);
        _rig.Clock.Advance(TimeSpan.FromMinutes(1));
        await RoundAsync();
        await LeakAsync(3);
        _rig.Clock.Advance(TimeSpan.FromMinutes(1));

        await RoundAsync();

        Assert.Equal(3, await InFlightAsync());
    }

    [Fact]
    public async Task Repair_RunThatNobodyCanHelp_IsStuckInTheSecondRound()
    {
        await _rig.SubmitAsync();
        _rig.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(0, await StuckAsync());
        _rig.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, await StuckAsync());
        _rig.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(1, await StuckAsync());
    }

    [Fact]
    public async Task Sweep_AgentSilentForALease_LosesItsTask()
    {
        var agent = _rig.NewAgent();
        var runId = await _rig.StartAsync();
        var task = Assert.Single(await _rig.ClaimAsync(agent));
        await _rig.BeatAsync(agent, task);

        for (var seconds = 0; seconds <= 45; seconds += 15)
        {
            await SweepAsync();
            _rig.Clock.Advance(TimeSpan.FromSeconds(15));
        }

        Assert.Equal(FailureClass.LostAgent, (await _rig.TaskAsync(runId)).State.LastErrorClass);
    }

    [Fact]
    public async Task Sweep_ServiceWasAwayForAnHour_AgentHasAWholeLeaseToReport()
    {
        var agent = _rig.NewAgent();
        var runId = await _rig.StartAsync();
        var task = Assert.Single(await _rig.ClaimAsync(agent));
        await _rig.BeatAsync(agent, task);
        await SweepAsync();
        _rig.Clock.Advance(TimeSpan.FromSeconds(15));
        await SweepAsync();

        _rig.Clock.Advance(TimeSpan.FromHours(1));
        await SweepAsync();
        _rig.Clock.Advance(TimeSpan.FromSeconds(15));
        await SweepAsync();

        Assert.Null((await _rig.TaskAsync(runId)).State.LastErrorClass);
    }

    [Fact]
    public async Task RunWhenDue_AnotherProcessRanWithinTheHour_ReadsOneRow()
    {
        await RetainAsync();
        var queries = 0;
        _rig.Tables.Queried = _ =>
        {
            queries++;
            return Task.CompletedTask;
        };

        _rig.Clock.Advance(TimeSpan.FromMinutes(59));
        await RetainAsync();
        Assert.Equal(0, queries);
        _rig.Clock.Advance(TimeSpan.FromMinutes(1));
        await RetainAsync();

        Assert.NotEqual(0, queries);
    }

    public void Dispose() => _rig.Dispose();

    private async Task RoundAsync()
    {
        using var process = _rig.OtherProcess();
        await process.Get<RunRepair>().RunAsync(null!, CancellationToken.None);
    }

    private async Task<int> StuckAsync()
    {
        using var process = _rig.OtherProcess();
        // Without a client no orchestration can be asked for.
        await process.Get<RunRepair>().RunAsync(null!, CancellationToken.None);
        return process.Get<RunWatch>().Stuck;
    }

    private async Task SweepAsync()
    {
        using var process = _rig.OtherProcess();
        await process.Get<LeaseSweep>().RunAsync(null!, CancellationToken.None);
    }

    private async Task RetainAsync()
    {
        using var process = _rig.OtherProcess();
        await process.Get<Retention>().RunWhenDueAsync(null!, CancellationToken.None);
    }

    private async Task LeakAsync(int slots) =>
        _rig.Tables.Put(Table.Tenants, LedgerRow.Write(RunRig.Tenant, (await TenantAsync()).Ledger with { InFlight = slots }, null));

    private async Task<int> InFlightAsync() => (await TenantAsync()).Ledger.InFlight;

    private async Task<TenantSnapshot> TenantAsync() => (await _rig.Get<TenantReader>().ReadAsync(RunRig.Tenant))!;
}
