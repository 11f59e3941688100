using Headgate.Core.Admission;
using Headgate.Core.Plans;
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

        Assert.Equal(Open("pro") with { InFlight = 3, RunsThisMonth = 8 }, admitted.After);
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
    [InlineData(null, 30)]
    [InlineData(100.0, 20)]
    [InlineData(0.0, 1)]
    [InlineData(1e12, AdmissionGate.LongestRetryAfterSeconds)]
    public void Decide_NoSlot_HintsFromTheTenantsOwnDurations(double? average, int expected)
    {
        var full = Open("pro") with { InFlight = 5, AverageRunSeconds = average };

        Assert.Equal(expected, Assert.IsType<AdmissionDecision.ConcurrencyLimit>(AdmissionGate.Decide(full, Now)).RetryAfterSeconds);
    }

    [Fact]
    public void Release_FinishedRun_GivesTheSlotBackAndLearnsItsDuration()
    {
        var first = AdmissionGate.Release(Open("pro") with { InFlight = 2 }, TimeSpan.FromSeconds(10));
        var second = AdmissionGate.Release(first, TimeSpan.FromSeconds(20));

        Assert.Equal((1, 10.0), (first.InFlight, first.AverageRunSeconds));
        Assert.Equal((0, 12.0), (second.InFlight, second.AverageRunSeconds));
    }

    [Fact]
    public void Release_NothingInFlight_StaysAtZero()
    {
        var after = AdmissionGate.Release(Open("pro"), TimeSpan.FromSeconds(-5));

        Assert.Equal((0, 0.0), (after.InFlight, after.AverageRunSeconds));
    }

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
