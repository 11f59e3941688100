using FsCheck;
using FsCheck.Fluent;
using Headgate.Core.Admission;
using Headgate.Core.Metering;
using Headgate.Core.Plans;
using Headgate.Core.Tenants;

namespace Headgate.Core.Tests.Admission;

/// <summary>The gate keeps its promises in any sequence of submissions, finishes, pauses, limit changes and passing time.</summary>
public sealed class AdmissionProperties
{
    private static readonly DateTimeOffset Start = new(2026, 1, 31, 20, 0, 0, TimeSpan.Zero);

    public enum Move
    {
        Submit,
        Finish,
        Pause,
        PauseForAnHour,
        Resume,
        Suspend,
        LowerLimit,
        LowerLimitForAnHour,
        LiftLimit,
        HourPasses,
        MonthPasses,
    }

    private static readonly Gen<Move[]> Sequences = Gen.Frequency(
        (12, Gen.Constant(Move.Submit)),
        (4, Gen.Constant(Move.Finish)),
        (5, Gen.Elements(Enum.GetValues<Move>()))).ArrayOf();

    [Fact]
    public void Decide_AnySequence_KeepsEveryPromise() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500).WithEndSize(200), Prop.ForAll(Sequences.ToArbitrary(), Gen.Elements("free", "pro", "enterprise").ToArbitrary(), Holds));

    private static bool Holds(Move[] moves, string plan)
    {
        var ledger = Ledger.Open(plan, new LimitOverrides(MaxMonthlyRuns: 40), Start);
        var now = Start;
        foreach (var move in moves)
        {
            if (move == Move.HourPasses)
                now += TimeSpan.FromHours(1);
            if (move == Move.MonthPasses)
                now = now.AddMonths(1);

            ledger = move == Move.Submit ? Submit(ledger, now) : After(ledger, move, now);
            Assert.True(ledger.InFlight >= 0, "in flight is negative");
            Assert.True(ledger.RunsInMonthOf(now) >= 0, "the month's count is negative");
        }

        return true;
    }

    private static Ledger Submit(Ledger ledger, DateTimeOffset now)
    {
        var mayStart = ledger.StatusAt(now) == TenantStatus.Active
            && ledger.RunsInMonthOf(now) < ledger.LimitsAt(now).MaxMonthlyRuns
            && ledger.InFlight < ledger.LimitsAt(now).MaxConcurrentRuns;

        if (AdmissionGate.Decide(ledger, now) is not AdmissionDecision.Admitted admitted)
        {
            Assert.False(mayStart, "a free slot was refused");
            return ledger;
        }

        Assert.True(mayStart, "admitted without a free slot");
        Assert.True(admitted.After.InFlight <= ledger.LimitsAt(now).MaxConcurrentRuns, "over the concurrency limit");
        Assert.True(admitted.After.RunsThisMonth <= ledger.LimitsAt(now).MaxMonthlyRuns, "over the monthly limit");
        Assert.Equal(ledger.InFlight + 1, admitted.After.InFlight);
        Assert.Equal(ledger.RunsInMonthOf(now) + 1, admitted.After.RunsInMonthOf(now));
        return admitted.After;
    }

    private static Ledger After(Ledger ledger, Move move, DateTimeOffset now) => move switch
    {
        Move.Finish when ledger.InFlight > 0 => AdmissionGate.Release(ledger, now.AddSeconds(-3), UsageCounts.None, now),
        Move.Pause => Pause(ledger, now, null),
        Move.PauseForAnHour => Pause(ledger, now, now + TimeSpan.FromHours(1)),
        Move.Resume => ledger with { Status = TenantStatus.Active, Pause = null },
        Move.Suspend => ledger with { Status = TenantStatus.Suspended, Pause = null },
        Move.LowerLimit => ledger with { Overrides = ledger.Overrides with { MaxConcurrentRuns = Math.Max(ledger.LimitsAt(now).MaxConcurrentRuns - 2, 0) } },
        Move.LowerLimitForAnHour => ledger with { Overrides = ledger.Overrides.At(now) with { MaxConcurrentRuns = 1, Until = now + TimeSpan.FromHours(1) } },
        Move.LiftLimit => ledger with { Overrides = ledger.Overrides with { MaxConcurrentRuns = null } },
        _ => ledger,
    };

    private static Ledger Pause(Ledger ledger, DateTimeOffset now, DateTimeOffset? until) =>
        ledger with { Status = TenantStatus.Paused, Pause = new PauseRecord("test", "operator:1", now, until) };
}
