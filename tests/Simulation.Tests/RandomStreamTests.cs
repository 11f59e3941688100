using Headgate.Simulation.Clockwork;

namespace Headgate.Simulation.Tests;

public sealed class RandomStreamTests
{
    [Fact]
    public void NextBits_SeedAndPurpose_DecideTheStream()
    {
        Assert.Equal(Take(1, "a"), Take(1, "a"));
        Assert.NotEqual(Take(1, "a"), Take(2, "a"));
        Assert.NotEqual(Take(1, "a"), Take(1, "b"));
    }

    [Fact]
    public void Gap_ManyDraws_HaveTheMeanAskedFor()
    {
        var chance = new RandomStream(1, "gaps");

        var mean = Enumerable.Range(0, 20_000).Average(_ => chance.Gap(TimeSpan.FromSeconds(10)).TotalSeconds);

        Assert.InRange(mean, 9.7, 10.3);
    }

    [Fact]
    public void Spread_ManyDraws_HaveTheMedianAskedFor()
    {
        var chance = new RandomStream(1, "spread");

        var below = Enumerable.Range(0, 20_000).Count(_ => chance.Spread(80, 0.6) < 80);

        Assert.InRange(below, 9_700, 10_300);
    }

    [Fact]
    public void Weighted_ManyDraws_FollowTheWeights()
    {
        var chance = new RandomStream(1, "weights");

        var counts = Enumerable.Range(0, 20_000).CountBy(_ => chance.Weighted(3, 0, 1)).ToDictionary();

        Assert.InRange(counts[0], 14_600, 15_400);
        Assert.DoesNotContain(1, counts.Keys);
    }

    private static ulong[] Take(long seed, string purpose)
    {
        var stream = new RandomStream(seed, purpose);
        return [stream.NextBits(), stream.NextBits(), stream.NextBits()];
    }
}
