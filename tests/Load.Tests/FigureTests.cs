using System.Diagnostics;
using Headgate.Load.Figures;

namespace Headgate.Load.Tests;

public sealed class FigureTests
{
    [Theory]
    [InlineData(1, 0.5, 1)]
    [InlineData(1, 0.99, 1)]
    [InlineData(2, 0.5, 1)]
    [InlineData(3, 0.5, 2)]
    [InlineData(100, 0.5, 50)]
    [InlineData(100, 0.99, 99)]
    [InlineData(100, 1, 100)]
    [InlineData(101, 0.99, 100)]
    [InlineData(1000, 0.99, 990)]
    public void Percentile_CountingSamples_IsTheNearestRank(int count, double part, int expected)
    {
        var samples = new Samples();
        foreach (var milliseconds in Enumerable.Range(1, count).Reverse())
            samples.Add(TimeSpan.FromMilliseconds(milliseconds));

        Assert.Equal(expected, samples.Percentile((decimal)part)!.Value, 6);
    }

    [Fact]
    public void Percentile_SampleAddedLater_CountsToo()
    {
        var samples = new Samples();
        samples.Add(Stopwatch.Frequency);
        Assert.Equal(1000, samples.Percentile(1m));
        samples.Add(Stopwatch.Frequency / 1000);

        Assert.Equal(1, samples.Percentile(0.5m));
        Assert.Equal(500.5, samples.Mean);
    }

    [Fact]
    public void Percentile_NoSamples_IsNone() => Assert.Null(new Samples().Percentile(0.99m));

    [Theory]
    [InlineData(new[] { 3.0, 1.0, 2.0 }, 2.0)]
    [InlineData(new[] { 4.0, 1.0 }, 2.5)]
    [InlineData(new[] { 7.0 }, 7.0)]
    public void MedianOf_Values_IsTheMiddle(double[] values, double expected) => Assert.Equal(expected, Median.Of(values.Select(value => (double?)value)));

    [Fact]
    public void MedianOf_MissingValues_LeavesThemOut()
    {
        Assert.Equal(5, Median.Of([null, 5, null]));
        Assert.Null(Median.Of([null]));
    }

    [Theory]
    [InlineData("0-10 10-20 20-30", 1)]
    [InlineData("0-10 5-15 9-20 15-30", 3)]
    [InlineData("0-30 1-2 2-3 3-4", 2)]
    [InlineData("", 0)]
    public void MostOf_Stretches_CountsThoseThatMeet(string stretches, int expected)
    {
        var list = stretches.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => text.Split('-').Select(int.Parse).ToArray());

        Assert.Equal(expected, Overlap.Most(list.Select(ends => (DateTimeOffset.UnixEpoch.AddSeconds(ends[0]), DateTimeOffset.UnixEpoch.AddSeconds(ends[1])))));
    }
}
