using Headgate.Core.Admission;
using Headgate.Core.Metering;
using Headgate.Core.Plans;
using Headgate.Core.Runs;
using Headgate.Core.Tenants;

namespace Headgate.Core.Tests.Admission;

public sealed class AdmissionGateTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 15, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<Line> Table => [.. Golden.Read<Line>("Admission/Golden/decisions.json")];

    [Theory]
    [MemberData(nameof(Table))]
    public void Decide_Ledger_AsTheTableSays(Line line)
    {
        ArgumentNullException.ThrowIfNull(line);
        Assert.True(TenantStatuses.TryParse(line.Status, out var status));
        var ledger = Open(line.Plan) with
        {
            Status = status,
            InFlight = line.InFlight,
            RunsThisMonth = line.RunsThisMonth,
            Overrides = new LimitOverrides(line.MaxConcurrentRuns, line.MaxMonthlyRuns),
        };

        var (decision, usage, limit, reason) = AdmissionGate.Decide(ledger, Now) switch
        {
            AdmissionDecision.Admitted => ("admitted", null, null, null),
            AdmissionDecision.Paused => ("paused", null, null, null),
            AdmissionDecision.NotActive refused when refused.Status == status => ("not-active", null, null, null),
            AdmissionDecision.MonthlyLimit refused => ("monthly-limit", refused.CurrentUsage, refused.Limit, refused.Reason),
            AdmissionDecision.ConcurrencyLimit refused => ("concurrency-limit", refused.CurrentUsage, refused.Limit, refused.Reason),
            var other => (other.ToString(), (int?)null, (int?)null, (string?)null),
        };

        Assert.Equal((line.Decision, line.Usage, line.Limit, line.Reason), (decision, usage, limit, reason));
    }

    [Fact]
    public void Decide_Admitted_CountsTheRunInLedgerAndMonth()
    {
        var admitted = Assert.IsType<AdmissionDecision.Admitted>(AdmissionGate.Decide(Open("pro") with { InFlight = 2, RunsThisMonth = 7 }, Now));

        var usage = new UsagePiece(new(2026, 3, 15), 1, 2, new UsageCounts(Accepted: 1, PeakInFlight: 3));
        Assert.Equal(Open("pro") with { InFlight = 3, RunsThisMonth = 8, Starts = RunStarts.None.With(Now), Usage = usage, Transition = 1 }, admitted.After);
        Assert.Equal(5, admitted.Limit);
    }

    [Fact]
    public void Decide_FirstRunOfANewMonth_StartsTheCountAnew()
    {
        var old = Open("free") with { Month = "2026-02", RunsThisMonth = 50 };

        var admitted = Assert.IsType<AdmissionDecision.Admitted>(AdmissionGate.Decide(old, Now));

        Assert.Equal(("2026-03", 1), (admitted.After.Month, admitted.After.RunsThisMonth));
    }

    [Fact]
    public void Decide_ClockSetOverTheMonthsEndAndBack_KeepsTheCountOfEachMonth()
    {
        var nextMonth = Now.AddMonths(1);
        var full = Open("free") with { RunsThisMonth = 50 };

        var ahead = Assert.IsType<AdmissionDecision.Admitted>(AdmissionGate.Decide(full, nextMonth)).After;
        var back = AdmissionGate.Decide(ahead, Now);
        var again = Assert.IsType<AdmissionDecision.Admitted>(AdmissionGate.Decide(ahead with { InFlight = 0 }, nextMonth)).After;

        Assert.Equal(50, Assert.IsType<AdmissionDecision.MonthlyLimit>(back).CurrentUsage);
        Assert.Equal((50, 2), (again.RunsInMonthOf(Now), again.RunsInMonthOf(nextMonth)));
    }

    [Fact]
    public void Decide_ClockSetOverTheMonthsEndAndAdmittedInBoth_KeepsBothCounts()
    {
        var nextMonth = Now.AddMonths(1);
        var ledger = Open("free") with { RunsThisMonth = 10 };

        for (var i = 0; i < 6; i++)
            ledger = Assert.IsType<AdmissionDecision.Admitted>(AdmissionGate.Decide(ledger with { InFlight = 0 }, i % 2 == 0 ? nextMonth : Now)).After;

        Assert.Equal((13, 3), (ledger.RunsInMonthOf(Now), ledger.RunsInMonthOf(nextMonth)));
    }

    [Fact]
    public void Decide_MonthUsedUp_TellsTheSecondsToTheNextUtcMonth()
    {
        var full = Open("free") with { RunsThisMonth = 50 };
        var elsewhere = new DateTimeOffset(2026, 3, 31, 23, 59, 0, TimeSpan.FromHours(-2));

        Assert.Equal(((31 - 15) * 86_400) + 43_200, Assert.IsType<AdmissionDecision.MonthlyLimit>(AdmissionGate.Decide(full, Now)).RetryAfterSeconds);
        Assert.IsType<AdmissionDecision.Admitted>(AdmissionGate.Decide(full, elsewhere));
    }

    [Fact]
    public void Decide_LastInstantOfDecember_WaitsForJanuary()
    {
        var full = Open("free") with { Month = "2026-12", RunsThisMonth = 50 };

        var refused = AdmissionGate.Decide(full, new DateTimeOffset(2026, 12, 31, 23, 59, 59, 999, TimeSpan.Zero));

        Assert.Equal(1, Assert.IsType<AdmissionDecision.MonthlyLimit>(refused).RetryAfterSeconds);
    }

    [Theory]
    [InlineData(null, 60)]
    [InlineData(0.2, 1)]
    [InlineData(90.5, 91)]
    public void Decide_Paused_TellsWhenItEnds(double? secondsLeft, int expected)
    {
        var paused = Paused(secondsLeft is { } seconds ? Now.AddSeconds(seconds) : null);

        Assert.Equal(expected, Assert.IsType<AdmissionDecision.Paused>(AdmissionGate.Decide(paused, Now)).RetryAfterSeconds);
    }

    [Fact]
    public void Decide_PauseWhoseEndHasCome_AdmitsAndClearsIt()
    {
        var admitted = Assert.IsType<AdmissionDecision.Admitted>(AdmissionGate.Decide(Paused(Now), Now));

        Assert.Equal((TenantStatus.Active, null), (admitted.After.Status, admitted.After.Pause));
    }

    [Theory]
    [InlineData(null, 5, 30)]
    [InlineData(100.0, 40, 60)]
    [InlineData(100.0, 99.5, 10)]
    [InlineData(100.0, 5000, 10)]
    [InlineData(0.0, 5, 1)]
    [InlineData(1e12, 5, AdmissionGate.LongestRetryAfterSeconds)]
    public void Decide_NoSlot_HintsFromAgesAndDurations(double? average, double oldest, int expected)
    {
        var starts = RunStarts.None.With(Now).With(Now.AddSeconds(-oldest)).With(Now);
        var full = Open("pro") with { InFlight = 3, AverageRunSeconds = average, Starts = starts, Overrides = new LimitOverrides(MaxConcurrentRuns: 3) };

        Assert.Equal(expected, Assert.IsType<AdmissionDecision.ConcurrencyLimit>(AdmissionGate.Decide(full, Now)).RetryAfterSeconds);
    }

    [Theory]
    [InlineData(0.0, 80)]
    [InlineData(0.5, 100)]
    [InlineData(1.0, 120)]
    public void Decide_NoSlot_SpreadsTheHint(double chance, int expected)
    {
        var full = Open("free") with { InFlight = 1, AverageRunSeconds = 100, Starts = RunStarts.None.With(Now) };

        Assert.Equal(expected, Assert.IsType<AdmissionDecision.ConcurrencyLimit>(AdmissionGate.Decide(full, Now, () => chance)).RetryAfterSeconds);
    }

    [Fact]
    public void Decide_NoSlotAndNothingKnown_DrawsNoChance()
    {
        var full = Open("free") with { InFlight = 1 };

        var refused = AdmissionGate.Decide(full, Now, () => throw new InvalidOperationException());

        Assert.Equal(30, Assert.IsType<AdmissionDecision.ConcurrencyLimit>(refused).RetryAfterSeconds);
    }

    [Fact]
    public void Release_FinishedRun_GivesTheSlotBackAndLearnsItsDuration()
    {
        var two = Open("pro") with { InFlight = 2, Starts = RunStarts.None.With(Now).With(Now.AddSeconds(-10)) };

        var first = AdmissionGate.Release(two, Now.AddSeconds(-10), UsageCounts.None, Now);
        var second = AdmissionGate.Release(first, Now, UsageCounts.None, Now.AddSeconds(20));

        Assert.Equal((1, 10.0, RunStarts.None.With(Now)), (first.InFlight, first.AverageRunSeconds, first.Starts));
        Assert.Equal((0, 12.0, RunStarts.None), (second.InFlight, second.AverageRunSeconds, second.Starts));
    }

    [Fact]
    public void Release_NothingInFlight_StaysAtZero()
    {
        var after = AdmissionGate.Release(Open("pro"), Now.AddSeconds(5), UsageCounts.None, Now);

        Assert.Equal((0, 0.0), (after.InFlight, after.AverageRunSeconds));
    }

    [Theory]
    [InlineData(5, 500, null)]
    [InlineData(2, 500, "concurrency-limit")]
    [InlineData(2, 7, "monthly-limit")]
    [InlineData(3, 8, null)]
    public void Decide_ShadowLimit_AdmitsAndTellsWhatItWouldHaveRefused(int concurrent, int monthly, string? expected)
    {
        var ledger = Open("pro") with
        {
            InFlight = 2,
            RunsThisMonth = 7,
            Overrides = new LimitOverrides(ShadowMaxConcurrentRuns: concurrent, ShadowMaxMonthlyRuns: monthly),
        };

        Assert.Equal(expected, Assert.IsType<AdmissionDecision.Admitted>(AdmissionGate.Decide(ledger, Now)).ShadowRefusal);
    }

    [Fact]
    public void Decide_NoSlotAndRoomInTheQueue_QueuesAndCountsNothingElse()
    {
        var full = Full(maxWaiting: 2) with { WaitingRuns = 1, LastPlace = 8 };

        var queued = Assert.IsType<AdmissionDecision.Queued>(AdmissionGate.Decide(full, Now));

        Assert.Equal(full with { WaitingRuns = 2, LastPlace = 9 }, queued.After);
    }

    [Fact]
    public void Decide_QueueFull_Refuses()
    {
        var refused = Assert.IsType<AdmissionDecision.QueueFull>(AdmissionGate.Decide(Full(maxWaiting: 2) with { WaitingRuns = 2 }, Now));

        Assert.Equal((2, 2), (refused.CurrentUsage, refused.Limit));
    }

    [Fact]
    public void Decide_SlotFreeButOthersWait_DoesNotOvertakeThem()
    {
        var ledger = Full(maxWaiting: 2) with { InFlight = 0, WaitingRuns = 1 };

        Assert.IsType<AdmissionDecision.Queued>(AdmissionGate.Decide(ledger, Now));
        Assert.True(AdmissionGate.HasRoom(ledger, Now));
        Assert.False(AdmissionGate.HasRoom(ledger with { WaitingRuns = 2 }, Now));
        Assert.Equal(WaitingStep.Start, AdmissionGate.StepForWaiting(ledger, Now));
    }

    [Theory]
    [InlineData(TenantStatus.Active, 0, 0, WaitingStep.Start)]
    [InlineData(TenantStatus.Active, 1, 0, WaitingStep.Nothing)]
    [InlineData(TenantStatus.Active, 0, 50, WaitingStep.Nothing)]
    [InlineData(TenantStatus.Paused, 0, 0, WaitingStep.Nothing)]
    [InlineData(TenantStatus.Suspended, 0, 0, WaitingStep.Nothing)]
    [InlineData(TenantStatus.Deactivated, 1, 50, WaitingStep.Close)]
    public void StepForWaiting_Ledger_ByStatusSlotAndMonth(TenantStatus status, int inFlight, int runsThisMonth, WaitingStep expected)
    {
        var ledger = Open("free") with { Status = status, InFlight = inFlight, RunsThisMonth = runsThisMonth, WaitingRuns = 1 };

        Assert.Equal(expected, AdmissionGate.StepForWaiting(ledger, Now));
        Assert.Equal(WaitingStep.Nothing, AdmissionGate.StepForWaiting(ledger with { WaitingRuns = 0 }, Now));
    }

    [Fact]
    public void StartWaiting_NextRun_TakesASlotInTheMonthOfItsStart()
    {
        var ledger = Open("free") with { WaitingRuns = 2, AverageWaitSeconds = 10 };

        var after = AdmissionGate.StartWaiting(ledger, new WaitingRun(1, "r", TaskPriority.Normal, Now.AddSeconds(-60)), Now);

        Assert.Equal((1, 1, 1, 20.0), (after.InFlight, after.WaitingRuns, after.RunsThisMonth, after.AverageWaitSeconds));
    }

    private static Ledger Full(int maxWaiting) =>
        Open("free") with { InFlight = 1, Overrides = new LimitOverrides(MaxWaitingRuns: maxWaiting) };

    private static Ledger Open(string plan) => Ledger.Open(plan, LimitOverrides.None, Now);

    private static Ledger Paused(DateTimeOffset? until) =>
        Open("pro") with { Status = TenantStatus.Paused, Pause = new PauseRecord("maintenance", "operator:1", Now.AddHours(-1), until) };

    public sealed record Line(
        string Plan,
        int InFlight,
        int RunsThisMonth,
        string Decision,
        string Status = "active",
        int? MaxConcurrentRuns = null,
        int? MaxMonthlyRuns = null,
        int? Usage = null,
        int? Limit = null,
        string? Reason = null,
        string? Why = null);
}
