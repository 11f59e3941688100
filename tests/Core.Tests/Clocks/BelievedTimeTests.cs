using FsCheck;
using FsCheck.Fluent;
using Headgate.Core.Clocks;

namespace Headgate.Core.Tests.Clocks;

public sealed class BelievedTimeTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 15, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void After_ClockNotSet_IsBelieved() =>
        Assert.Equal(BelievedTime.Of(Start + Hour), BelievedTime.Of(Start).After(Hour, Start + Hour));

    [Theory]
    [InlineData(1)]
    [InlineData(24)]
    [InlineData(24 * 365)]
    public void After_SetForward_OnlyElapsedTimeCountsForADay(int hours)
    {
        var believed = BelievedTime.Of(Start).After(Minute, Start + Minute + TimeSpan.FromHours(hours));
        for (var minutes = 0; minutes < (24 * 60) - 1; minutes++)
        {
            Assert.Equal(TimeSpan.FromHours(hours), believed.Wall - believed.Time);
            believed = believed.After(Minute, believed.Wall + Minute);
        }

        believed = believed.After(Minute, believed.Wall + Minute);

        Assert.Equal(believed.Wall, believed.Time);
    }

    [Fact]
    public void After_SetForwardAndBack_GoesOnAsIfNeverSet()
    {
        var believed = BelievedTime.Of(Start).After(Minute, Start + Minute + TimeSpan.FromDays(1)).After(Minute, Start + Minute + Minute);

        Assert.Equal(BelievedTime.Of(Start + Minute + Minute), believed);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(23)]
    public void After_SetForwardAgainWhileInDoubt_IsDoubtedForAnHourAtLeast(int hours)
    {
        var stood = TimeSpan.FromHours(hours) + (30 * Minute);
        var believed = BelievedTime.Of(Start).After(Minute, Start + Hour);
        believed = believed.After(stood, believed.Wall + stood).After(Minute, believed.Wall + stood + Hour);

        Assert.Equal((Start + stood + Minute + Minute, Least(stood + Minute, 23 * Hour)), (believed.Time, believed.Stood));
    }

    /// <summary>Ten hours of work a day, in one process: the clock that tells what passes does not count the nights.</summary>
    [Fact]
    public void After_MachineThatSleepsEachNight_IsNeverFourDaysBehind()
    {
        var believed = BelievedTime.Of(Start);
        for (var day = 0; day < 400; day++)
        {
            believed = believed.After(Minute, believed.Wall + (14 * Hour));
            for (var minute = 0; minute < 600; minute++)
                believed = believed.After(Minute, believed.Wall + Minute);
            Assert.InRange(believed.Wall - believed.Time, TimeSpan.Zero, TimeSpan.FromDays(4));
        }
    }

    /// <summary>Each evening a process of half an hour, which notes what it believes.</summary>
    [Fact]
    public void Resumed_ProcessOfHalfAnHourADay_CatchesUp()
    {
        var believed = BelievedTime.Of(Start);
        for (var day = 0; day < 400; day++)
        {
            believed = believed.Resumed(believed.Wall + (23.5 * Hour));
            believed = believed.After(30 * Minute, believed.Wall + (30 * Minute));
            Assert.InRange(believed.Wall - believed.Time, TimeSpan.Zero, TimeSpan.FromDays(4));
        }
    }

    [Fact]
    public void After_SetBack_IsBelievedAtOnce() =>
        Assert.Equal(BelievedTime.Of(Start - Hour), BelievedTime.Of(Start).After(Minute, Start - Hour));

    [Theory]
    [InlineData(-3600, -3600)]
    [InlineData(3600, 3600)]
    [InlineData(7200, 7200)]
    [InlineData(7201, 0)]
    [InlineData(86400 * 365, 0)]
    public void Resumed_LongAfter_BelievesNoMoreThanTheNote(int seconds, int expected) =>
        Assert.Equal(Start.AddSeconds(expected), BelievedTime.Of(Start).Resumed(Start.AddSeconds(seconds)).Time);

    [Fact]
    public void Resumed_LongAfter_BelievesTheClockAfterAnHour()
    {
        var resumed = BelievedTime.Of(Start).Resumed(Start.AddDays(40));

        Assert.Equal(Start + (59 * Minute), resumed.After(59 * Minute, resumed.Wall + (59 * Minute)).Time);
        Assert.Equal(resumed.Wall + Hour, resumed.After(Hour, resumed.Wall + Hour).Time);
    }

    /// <summary>The believed time is never later than the clock's.</summary>
    [Fact]
    public void After_AnyJumps_IsNeverLaterThanTheWall() => Prop.ForAll(Gen.Choose(-100_000, 100_000).ArrayOf().ToArbitrary(), jumps =>
    {
        var believed = BelievedTime.Of(Start);
        foreach (var jump in jumps)
        {
            var passed = TimeSpan.FromSeconds(Math.Abs(jump) / 3);
            believed = believed.After(passed, believed.Wall + passed + TimeSpan.FromSeconds(jump));
            Assert.True(believed.Time <= believed.Wall);
        }
    }).QuickCheckThrowOnFailure();

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
