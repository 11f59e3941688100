using FsCheck;
using FsCheck.Fluent;
using Headgate.Core.Objectives;

namespace Headgate.Core.Tests.Objectives;

public sealed class ErrorBudgetTests
{
    private static readonly BurnLimit[] s_limits = [new("fast", TimeSpan.FromHours(1), TimeSpan.FromMinutes(5), 14.4), new("slow", TimeSpan.FromDays(3), TimeSpan.FromHours(6), 1)];

    [Theory]
    [InlineData(998, 0.999, 2)]
    [InlineData(999, 0.999, 1)]
    [InlineData(1000, 0.999, 0)]
    [InlineData(0, 0.999, 1000)]
    [InlineData(950, 0.95, 1)]
    [InlineData(900, 0.95, 2)]
    public void BurnRate_OfAThousand_IsBadOverAllowed(long good, double target, double expected) =>
        Assert.Equal(expected, ErrorBudget.BurnRate(new Tally(good, 1000), target), 6);

    [Fact]
    public void BurnRate_NothingHappened_IsZeroAndAllIsLeft() =>
        Assert.Equal((0.0, 1.0), (ErrorBudget.BurnRate(default, 0.999), ErrorBudget.Left(default, 0.999)));

    [Fact]
    public void Left_JustUsedUp_IsMissedAndNothingBeforeIs()
    {
        Assert.Equal(ObjectiveStanding.Missed, Standing(new(99, 100)));
        Assert.NotEqual(ObjectiveStanding.Missed, Standing(new(1000, 1001)));
    }

    [Fact]
    public void Standing_BadInTheLongWindowAlone_IsOver() =>
        Assert.Equal(ObjectiveStanding.Met, ErrorBudget.Standing(Of(0.99), "pro", s_limits, window => window >= TimeSpan.FromHours(1) && window < TimeSpan.FromDays(1) ? new(0, 10) : new(10_000, 10_000)));

    [Fact]
    public void BurnRate_OfMoreBadEvents_IsNeverLess() =>
        Prop.ForAll(Tallies, Targets, (tally, target) =>
            tally.Good == 0 || ErrorBudget.BurnRate(tally with { Good = tally.Good - 1 }, target) > ErrorBudget.BurnRate(tally, target)).QuickCheckThrowOnFailure();

    [Fact]
    public void BurnRate_OfTwoPieces_LiesBetweenTheirs() =>
        Prop.ForAll(Tallies, Tallies, Targets, (one, other, target) =>
        {
            var (a, b, both) = (ErrorBudget.BurnRate(one, target), ErrorBudget.BurnRate(other, target), ErrorBudget.BurnRate(one + other, target));
            return (one.Total == 0 && Near(both, b)) || (other.Total == 0 && Near(both, a)) || (both >= Math.Min(a, b) * (1 - 1e-9) && both <= Math.Max(a, b) * (1 + 1e-9));
        }).QuickCheckThrowOnFailure();

    /// <summary>Burning at 1 all through the window leaves nothing, half as fast leaves half.</summary>
    [Fact]
    public void Left_OfTheTimeOfABurnRate_AddsUpToOneWithIt() =>
        Prop.ForAll(Tallies, Targets, (tally, target) => Near(ErrorBudget.Left(tally, target) + ErrorBudget.BurnRate(tally, target), 1)).QuickCheckThrowOnFailure();

    /// <summary>Whatever the windows say, one more bad event in place of a good one makes nothing look better.</summary>
    [Fact]
    public void Standing_OfMoreBadEvents_IsNeverBetter() =>
        Prop.ForAll(Tallies, Targets, (tally, target) =>
            tally.Good == 0 || Standing(tally with { Good = tally.Good - 1 }, target) >= Standing(tally, target)).QuickCheckThrowOnFailure();

    [Fact]
    public void Slots_OfAWindow_ReachBackAtLeastAsLongAndAtMostOnePieceMore() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), Gen.Choose(5, 43_200).ToArbitrary(), (seconds, minutes) =>
        {
            var (now, window) = (DateTimeOffset.UnixEpoch.AddSeconds(seconds), TimeSpan.FromMinutes(minutes));
            var back = now - TallySlots.Oldest(now, window);
            return back >= window && back < window + TallySlots.LengthFor(window);
        }).QuickCheckThrowOnFailure();

    private static Arbitrary<Tally> Tallies => (from total in Gen.Choose(0, 100_000) from bad in Gen.Choose(0, 100) select new Tally(total - Math.Min(total, bad), total)).ToArbitrary();

    private static Arbitrary<double> Targets => Gen.Choose(1, 9999).Select(tenThousandths => tenThousandths / 10_000.0).ToArbitrary();

    private static Objective Of(double target) => new("run-success", "d", target, TimeSpan.FromDays(30), null, new Dictionary<string, double>(StringComparer.Ordinal));

    private static ObjectiveStanding Standing(Tally tally, double target = 0.99) => ErrorBudget.Standing(Of(target), "pro", s_limits, _ => tally);

    private static bool Near(double one, double other) => Math.Abs(one - other) <= 1e-9 * Math.Max(1, Math.Max(Math.Abs(one), Math.Abs(other)));
}
