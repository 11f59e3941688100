using FsCheck;
using FsCheck.Fluent;
using Headgate.Core.Agents;

namespace Headgate.Core.Tests.Agents;

public sealed class AdaptiveSlotsTests
{
    [Fact]
    public void Next_AnyReadingsAndLimits_OffersBetweenOneAndTheLimit() => ForAll(random =>
    {
        var slots = default(AdaptiveSlots);
        for (var i = 0; i < 50; i++)
        {
            var limit = random.Next(1, 101);
            slots = slots.Next(limit, Level(random));
            Assert.InRange(slots.Offered(limit), 1, limit);
        }
    });

    [Fact]
    public void Next_OneReading_ChangesOnlyInItsDirection() => ForAll(random =>
    {
        var limit = random.Next(1, 101);
        var slots = default(AdaptiveSlots);
        for (var i = 0; i < 50; i++)
        {
            var (before, level) = (slots.Offered(limit), Level(random));
            slots = slots.Next(limit, level);
            var change = slots.Offered(limit) - before;
            Assert.True(
                level switch
                {
                    PressureLevel.High => before == 1 ? change == 0 : change == -Math.Max(1, before / 4),
                    PressureLevel.Calm => change is 0 or 1,
                    _ => change == 0,
                },
                $"{level}: {before} {change:+0;-0;0}");
        }
    });

    [Fact]
    public void Next_CalmFromAnywhere_OffersAllAgainAfterThreeReadingsASlot() => ForAll(random =>
    {
        var limit = random.Next(1, 101);
        var slots = default(AdaptiveSlots);
        for (var i = 0; i < 50; i++)
            slots = slots.Next(limit, Level(random));
        slots = slots with { CalmReadings = 0 };
        for (var left = AdaptiveSlots.CalmReadingsToRise * slots.Withheld; left > 0; left--)
            slots = slots.Next(limit, PressureLevel.Calm);
        Assert.Equal(limit, slots.Offered(limit));
    });

    [Fact]
    public void Next_AlternatingReadings_NeverRaise()
    {
        var slots = default(AdaptiveSlots).Next(10, PressureLevel.High);
        for (var i = 0; i < 100; i++)
        {
            var before = slots.Offered(10);
            slots = slots.Next(10, i % 3 == 2 ? PressureLevel.Between : PressureLevel.Calm);
            Assert.Equal(before, slots.Offered(10));
        }
    }

    [Fact]
    public void Next_HighRepeatedly_FallsFastAndStopsAtOne()
    {
        var slots = default(AdaptiveSlots);
        var offered = new List<int>();
        for (var i = 0; i < 11; i++)
        {
            slots = slots.Next(20, PressureLevel.High);
            offered.Add(slots.Offered(20));
        }

        Assert.Equal([15, 12, 9, 7, 6, 5, 4, 3, 2, 1, 1], offered);
    }

    [Fact]
    public void Next_LimitLoweredAndRaised_FollowsAtOnce()
    {
        var slots = new AdaptiveSlots(8, 0);

        Assert.Equal((1, 1), (slots.Offered(4), slots.Next(4, PressureLevel.Between).Offered(4)));
        Assert.Equal(17, slots.Next(4, PressureLevel.Between).Offered(20));
    }

    [Theory]
    [InlineData(0, 0, 0, PressureLevel.Calm)]
    [InlineData(30, 3, 15, PressureLevel.Calm)]
    [InlineData(31, 0, 0, PressureLevel.Between)]
    [InlineData(0, 4, 0, PressureLevel.Between)]
    [InlineData(60, 0, 0, PressureLevel.High)]
    [InlineData(0, 10, 0, PressureLevel.High)]
    [InlineData(0, 0, 40, PressureLevel.High)]
    public void Level_OneValueHigh_IsHigh(double cpu, double memory, double io, PressureLevel level) => Assert.Equal(level, new MachinePressure(cpu, memory, io).Level);

    [Theory]
    [InlineData(0, 2, 0.5, PressureLevel.Calm)]
    [InlineData(2, 2, 0.5, PressureLevel.Calm)]
    [InlineData(3.5, 2, 0.5, PressureLevel.Between)]
    [InlineData(4, 2, 0.5, PressureLevel.High)]
    [InlineData(0, 2, 0.1, PressureLevel.Between)]
    [InlineData(0, 2, 0.05, PressureLevel.High)]
    public void FromLoad_LoadAndMemory_AreAnEstimate(double load, int processors, double available, PressureLevel level) =>
        Assert.Equal(level, MachinePressure.FromLoad(load, processors, available).Level);

    private static void ForAll(Action<Random> holds) =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed => holds(new Random(seed))).QuickCheckThrowOnFailure();

    private static PressureLevel Level(Random random) => (PressureLevel)random.Next(3);
}
