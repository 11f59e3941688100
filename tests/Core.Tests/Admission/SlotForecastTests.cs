using Headgate.Core.Admission;
using Headgate.Core.Plans;
using Headgate.Core.Tenants;

namespace Headgate.Core.Tests.Admission;

public sealed class SlotForecastTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 15, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1, 10)]
    [InlineData(2, 70)]
    [InlineData(3, 110)]
    [InlineData(4, 170)]
    [InlineData(5, 210)]
    public void StartOf_Position_CountsTheRoundsBeforeIt(int position, int seconds) =>
        Assert.Equal(Now.AddSeconds(seconds), SlotForecast.StartOf(Full(), position, Now));

    [Fact]
    public void StartOf_NothingKnownOrNobodyMayStart_IsNull()
    {
        Assert.Null(SlotForecast.StartOf(Full() with { AverageRunSeconds = null }, 1, Now));
        Assert.Null(SlotForecast.StartOf(Full() with { Status = TenantStatus.Suspended }, 1, Now));
        Assert.Null(SlotForecast.StartOf(Full() with { Status = TenantStatus.Paused, Pause = Pause(null) }, 1, Now));
        Assert.Null(SlotForecast.StartOf(Full() with { Overrides = new LimitOverrides(MaxConcurrentRuns: 0) }, 1, Now));
    }

    [Fact]
    public void StartOf_PausedWithAnEnd_IsNotBeforeIt()
    {
        var paused = Full() with { Status = TenantStatus.Paused, Pause = Pause(Now.AddHours(1)) };

        Assert.Equal(Now.AddHours(1), SlotForecast.StartOf(paused, 1, Now));
    }

    [Fact]
    public void StartOf_MonthUsedUp_IsTheFirstOfTheNext()
    {
        var used = Full() with { RunsThisMonth = 499 };

        Assert.Equal(Now.AddSeconds(10), SlotForecast.StartOf(used, 1, Now));
        Assert.Equal(new DateTimeOffset(2026, 4, 1, 0, 0, 0, TimeSpan.Zero), SlotForecast.StartOf(used, 2, Now));
    }

    [Fact]
    public void StartsOf_PausedOrNextMonth_KeepsTheCapBehindIt()
    {
        var single = Full() with { InFlight = 0, Overrides = new LimitOverrides(MaxConcurrentRuns: 1, MaxMonthlyRuns: 2) };
        var april = new DateTimeOffset(2026, 4, 1, 0, 0, 0, TimeSpan.Zero);
        var average = TimeSpan.FromSeconds(single.AverageRunSeconds!.Value);

        Assert.Equal(
            [Now.AddHours(1), Now.AddHours(1) + average, april, april + average, april.AddMonths(1)],
            SlotForecast.StartsOf(single with { RunsThisMonth = 0, Status = TenantStatus.Paused, Pause = Pause(Now.AddHours(1)) }, 5, Now).Select(start => start!.Value));
    }

    [Fact]
    public void StartOf_CapWasLowered_WaitsUntilTheRestHasFinished()
    {
        var over = Full() with { Overrides = new LimitOverrides(MaxConcurrentRuns: 1) };

        Assert.Equal(Now.AddSeconds(70), SlotForecast.StartOf(over, 1, Now));
        Assert.Equal(70, SlotForecast.SecondsToSlot(over, Now));
    }

    [Fact]
    public void StartOf_SlotsAreFree_IsNow() => Assert.Equal(Now, SlotForecast.StartOf(Full() with { InFlight = 0 }, 2, Now));

    [Fact]
    public void SecondsToSlot_StartsNotKept_SpreadsThemEvenly() => Assert.Equal(25, SlotForecast.SecondsToSlot(Full() with { InFlight = 4, Starts = null, Overrides = LimitOverrides.None }, Now));

    // Two slots, whose runs take 100 s: one has 10 s left, the other 70.
    private static Ledger Full() => Ledger.Open("pro", new LimitOverrides(MaxConcurrentRuns: 2), Now) with
    {
        InFlight = 2,
        AverageRunSeconds = 100,
        Starts = RunStarts.None.With(Now.AddSeconds(-90)).With(Now.AddSeconds(-30)),
    };

    private static PauseRecord Pause(DateTimeOffset? until) => new("test", "test", Now, until);
}
