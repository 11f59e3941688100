using Headgate.Core.Admission;
using Headgate.Core.Metering;
using Headgate.Core.Plans;

namespace Headgate.Core.Tests.Admission;

public sealed class SoftLimitsTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 15, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(7, false, false)]
    [InlineData(8, true, false)]
    [InlineData(10, true, true)]
    [InlineData(11, true, true)]
    public void Warnings_BudgetOfTenRuns_BeginAtEight(int used, bool warns, bool isReached)
    {
        var ledger = Open(new(BudgetRuns: 10)) with { RunsThisMonth = used };

        var warning = SoftLimits.Warnings(ledger, Now);

        Assert.Equal(warns ? [new LimitUse(SoftLimits.BudgetRuns, used, 10)] : [], warning);
        Assert.Equal(isReached, SoftLimits.BudgetReached(ledger, Now) is not null);
    }

    [Fact]
    public void Warnings_OfAnotherMonth_AreOver() =>
        Assert.Empty(SoftLimits.Warnings(Open(new(BudgetRuns: 10, BudgetAgentSeconds: 10)) with { RunsThisMonth = 10, AgentMillisecondsThisMonth = 10_000 }, Now.AddMonths(1)));

    [Fact]
    public void Decide_BudgetOfAgentSecondsUsedUp_IsRefusedUntilTheMonthEnds()
    {
        var ledger = AdmissionGate.Release(Open(new(BudgetAgentSeconds: 60)) with { InFlight = 1 }, Now, new UsageCounts(Completed: 1, AgentMilliseconds: 60_000), Now);

        var refused = Assert.IsType<AdmissionDecision.BudgetReached>(AdmissionGate.Decide(ledger, Now));

        Assert.Equal((SoftLimits.BudgetAgentSeconds, 60, 60, (16 * 86_400) + 43_200), (refused.Budget, refused.CurrentUsage, refused.Limit, refused.RetryAfterSeconds));
        Assert.IsType<AdmissionDecision.Admitted>(AdmissionGate.Decide(ledger, Now.AddSeconds(refused.RetryAfterSeconds)));
        Assert.IsType<AdmissionDecision.Admitted>(AdmissionGate.Decide(ledger with { Overrides = new(BudgetAgentSeconds: 61) }, Now));
    }

    [Fact]
    public void Decide_MonthAndBudgetUsedUp_NamesThePlansLimit() =>
        Assert.IsType<AdmissionDecision.MonthlyLimit>(AdmissionGate.Decide(Open(new(MaxMonthlyRuns: 5, BudgetRuns: 5)) with { RunsThisMonth = 5 }, Now));

    [Fact]
    public void StepForWaiting_BudgetUsedUp_WaitsForTheNextMonth()
    {
        var ledger = Open(new(BudgetRuns: 5)) with { RunsThisMonth = 5, WaitingRuns = 1, AverageRunSeconds = 10 };

        Assert.Equal(WaitingStep.Nothing, AdmissionGate.StepForWaiting(ledger, Now));
        Assert.Equal(WaitingStep.Start, AdmissionGate.StepForWaiting(ledger, Now.AddMonths(1)));
        Assert.Equal(new DateTimeOffset(2026, 4, 1, 0, 0, 0, TimeSpan.Zero), SlotForecast.StartOf(ledger, 1, Now));
    }

    [Fact]
    public void Crossed_RunByRun_TellsOfEachLimitTwice()
    {
        var ledger = Open(new(BudgetRuns: 10));
        var told = new List<(long Used, bool IsReached)>();
        for (var i = 0; i < 12; i++)
        {
            var after = ledger.Metered(new UsageCounts(Accepted: 1), 0, Now);
            told.AddRange(SoftLimits.Crossed(ledger, after, Now).Select(use => (use.Used, use.IsReached)));
            ledger = after;
        }

        Assert.Equal([(8, false), (10, true)], told);
    }

    [Fact]
    public void Metered_MonthsBackAndForth_KeepsBothCounts()
    {
        var march = Open(new()).Metered(new UsageCounts(Accepted: 2, AgentMilliseconds: 500), 0, Now);
        var april = march.Metered(new UsageCounts(Accepted: 1, AgentMilliseconds: 70), 0, Now.AddMonths(1));
        var back = april.Metered(new UsageCounts(AgentMilliseconds: 5), 0, Now);

        Assert.Equal((2, 505L), (back.RunsInMonthOf(Now), back.AgentMillisecondsInMonthOf(Now)));
        Assert.Equal((1, 70L), (back.RunsInMonthOf(Now.AddMonths(1)), back.AgentMillisecondsInMonthOf(Now.AddMonths(1))));
    }

    private static Ledger Open(LimitOverrides overrides) => Ledger.Open("enterprise", overrides, Now);
}
