using Headgate.Core.Admission;
using Headgate.Core.Metering;
using Headgate.Core.Plans;
using Headgate.Functions.Admission;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Tests.Support;
using Headgate.Ports;
using Xunit;

namespace Headgate.Functions.Tests.Metering;

/// <summary>What tenants use, as the rows add up to it.</summary>
public sealed class UsageTests
{
    [Fact]
    public async Task Run_FromAdmissionToEnd_CountsWithItsTransactions()
    {
        using var rig = new RunRig();
        var agent = rig.NewAgent();
        var runId = await rig.StartAsync();
        var submits = rig.Tables.Submits;
        var task = Assert.Single(await rig.ClaimAsync(agent));
        rig.Clock.Advance(TimeSpan.FromSeconds(2.5));
        await rig.ReportAsync(task);
        await rig.AdvanceAsync(runId);

        var used = await ReadAsync(rig);

        Assert.Equal(new UsageCounts(Accepted: 1, Completed: 1, Attempts: 1, AgentMilliseconds: 2500, PeakInFlight: 1), used.Total);
        Assert.Equal([new DateOnly(2030, 1, 1)], used.Days.Select(day => day.Day));
        // Claim, result, end: nothing is written for the count alone.
        Assert.Equal(3, rig.Tables.Submits - submits);
    }

    [Fact]
    public async Task HandOut_ThatCameBackUnused_IsNoAttempt()
    {
        using var rig = new RunRig();
        var agent = rig.NewAgent();
        var runId = await rig.StartAsync();
        var unused = Assert.Single(await rig.ClaimAsync(agent));
        rig.Clock.Advance(TimeSpan.FromSeconds(5));
        await rig.Get<Functions.Runs.AttemptSettler>().SettleAsync(
            [RunRig.Succeeded(unused) with { Outcome = new Core.Runs.AttemptOutcome.Released("stopped") }], CancellationToken.None);
        await rig.AdvanceAsync(runId);
        var task = Assert.Single(await rig.ClaimAsync(agent));
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        await rig.ReportAsync(task);
        await rig.AdvanceAsync(runId);

        var used = await ReadAsync(rig);

        Assert.Equal((1, 1000), (used.Total.Attempts, used.Total.AgentMilliseconds));
    }

    [Fact]
    public async Task Day_Turns_LeavesTheLedgerInTheSameTransaction()
    {
        using var rig = new RunRig();
        rig.Clock.Advance(TimeSpan.FromHours(23));
        var first = await rig.AcceptedAsync();
        await rig.AcceptedAsync();
        rig.Clock.Advance(TimeSpan.FromHours(2));
        var submits = rig.Tables.Submits;
        await rig.FinishAsync(first);

        Assert.Equal(1, rig.Tables.Submits - submits);
        Assert.Equal(2, (await rig.LedgerAsync()).Usage!.Number);
        var used = await ReadAsync(rig);
        Assert.Equal(
            [new UsageCounts(Accepted: 2, PeakInFlight: 2), new UsageCounts(PeakInFlight: 2)],
            used.Days.Select(day => day.Counts));
        Assert.Equal(new UsageCounts(Accepted: 2, PeakInFlight: 2), used.Total);
    }

    [Fact]
    public async Task Process_ThatReadsBeforeAndWritesAfterTheTurnOfADay_LosesNothing()
    {
        using var rig = new RunRig();
        using var other = rig.OtherProcess();
        rig.Clock.Advance(TimeSpan.FromHours(23));
        await rig.AcceptedAsync();
        // Both draw the same chance: at one instant their ids would be alike.
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        await rig.AskAsync(admission: other.Get<RunAdmission>());
        // Between this process' look at the ledger and its write, the other one counts once more in the day and turns it.
        rig.BeforeWriteTo(Table.Tenants, async () =>
        {
            await rig.AskAsync(admission: other.Get<RunAdmission>());
            rig.Clock.Advance(TimeSpan.FromHours(2));
            await rig.AskAsync(admission: other.Get<RunAdmission>());
            rig.Clock.Advance(TimeSpan.FromSeconds(1));
        });
        await rig.WhileTimePassesAsync(rig.AskAsync());

        var used = await ReadAsync(rig);

        Assert.Equal([3L, 2L], used.Days.Select(day => day.Counts.Accepted));
        Assert.Equal(5, used.Total.Accepted);
        Assert.Equal(5, used.Total.PeakInFlight);
    }

    [Fact]
    public async Task Clock_SetBackOverMidnight_AddsUpTheDaysPieces()
    {
        using var rig = new RunRig();
        rig.Clock.Advance(TimeSpan.FromHours(23));
        await rig.AcceptedAsync();
        rig.Wall.Offset = TimeSpan.FromHours(2);
        await rig.AcceptedAsync();
        rig.Wall.Offset = TimeSpan.Zero;
        await rig.AcceptedAsync();

        var used = await ReadAsync(rig);

        Assert.Equal([(1, 2L, 3), (2, 1L, 2)], used.Days.Select(day => (day.Day.Day, day.Counts.Accepted, day.Counts.PeakInFlight)));
    }

    [Fact]
    public void Pack_Piece_LosesNothing()
    {
        var piece = new UsagePiece(new(2030, 12, 31), 70_000, 12, new UsageCounts(1, 127, 128, 16_384, long.MaxValue, 86_400_000_000, int.MaxValue, 3));

        Assert.Equal(piece, UsageRow.Unpack(UsageRow.Pack(piece)));
        Assert.Equal(piece, UsageRow.Read(UsageRow.Write(RunRig.Tenant, piece)));
        Assert.Throws<InvalidDataException>(() => UsageRow.Unpack(UsageRow.Pack(piece)[..^1]));
        Assert.InRange(UsageRow.Pack(new(new(2030, 1, 1), 365, 5, new UsageCounts(400, 390, 5, 5, 420, 3_000_000, 20))).Length, 1, 24);
    }

    [Fact]
    public async Task Refusals_OfTwoProcesses_AddUpAndSurviveAStoreThatIsAway()
    {
        using var rig = new RunRig().WithLimits(slots: 1);
        using var other = rig.OtherProcess();
        await rig.AcceptedAsync();
        await rig.AskAsync();
        await rig.AskAsync();
        await rig.AskAsync(admission: other.Get<RunAdmission>());

        rig.Tables.Failure = new StoreUnavailableException("away");
        await rig.Get<RefusalTally>().WriteAsync(CancellationToken.None);
        rig.Tables.Failure = null;
        await rig.Get<RefusalTally>().WriteAsync(CancellationToken.None);
        await other.Get<RefusalTally>().WriteAsync(CancellationToken.None);

        var refusals = await rig.Get<UsageReader>().RefusalsAsync(RunRig.Tenant, new(2030, 1, 1), CancellationToken.None);
        Assert.Equal(3, Assert.Single(refusals).Value["concurrency-limit"]);
        Assert.Empty(await rig.Get<UsageReader>().RefusalsAsync(RunRig.Tenant, new(2030, 2, 1), CancellationToken.None));
    }

    [Fact]
    public async Task Budget_UsedUp_IsRefusedAlsoForOneThatWaits()
    {
        using var rig = new RunRig();
        rig.Tables.Put(Table.Tenants, LedgerRow.Write(RunRig.Tenant, Ledger.Open("enterprise", new LimitOverrides(1, MaxWaitingRuns: 5, BudgetRuns: 1), rig.Clock.GetUtcNow()), null));
        var only = await rig.AcceptedAsync();

        var refused = Assert.IsType<AdmissionDecision.BudgetReached>(Assert.IsType<AdmissionResult.Refused>(await rig.AskAsync(wait: 5)).Decision);
        await rig.ChangeAsync(ledger => ledger with { Overrides = ledger.Overrides with { BudgetRuns = 2 } });
        var waiting = await rig.AcceptedAsync();
        await rig.ChangeAsync(ledger => ledger with { Overrides = ledger.Overrides with { BudgetRuns = 1 } });
        await rig.FinishAsync(only);

        Assert.Equal(SoftLimits.BudgetRuns, refused.Budget);
        Assert.Equal("queued", await rig.StatusAsync(waiting));
        await rig.ChangeAsync(ledger => ledger with { Overrides = ledger.Overrides with { BudgetRuns = 2 } });
        Assert.Equal("pending", await rig.StatusAsync(waiting));
    }

    private static async Task<MonthUsage> ReadAsync(RunRig rig) =>
        await rig.Get<UsageReader>().ReadAsync((await rig.Get<TenantReader>().ReadAsync(RunRig.Tenant))!, new(2030, 1, 1), CancellationToken.None);
}
