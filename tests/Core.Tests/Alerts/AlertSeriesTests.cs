using Headgate.Core.Alerts;

namespace Headgate.Core.Tests.Alerts;

public sealed class AlertSeriesTests
{
    [Fact]
    public void Samples_OfSeveralProcesses_GrowthsAddUpAndOfValuesTheGreatestCounts()
    {
        var (gauge, counter) = (new AlertSeries(Rule(AlertAggregation.Greatest)), new AlertSeries(Rule(AlertAggregation.Growth)));
        foreach (var value in new[] { 3.0, 5, 4 })
        {
            gauge.Add(7, [value]);
            counter.Add(7, [value]);
        }

        Assert.Equal((5, 12), (gauge.Samples(7)[0].Value, counter.Samples(7)[0].Value));
    }

    [Fact]
    public void Recall_WhatOneProcessWroteBefore_CountsOnce()
    {
        var counter = new AlertSeries(Rule(AlertAggregation.Growth));
        counter.Add(7, [4]);
        counter.Recall(7, [3]);
        counter.Recall(6, [2]);

        Assert.Equal([4.0, 2.0], counter.Samples(7).Take(2).Select(sample => sample.Value));
    }

    [Theory]
    [InlineData(11, 20, 55.0)]
    [InlineData(0, 20, 0.0)]
    [InlineData(19, 19, null)]
    public void Samples_OfAShare_SayNothingOfTooLittle(double part, double whole, double? expected)
    {
        var share = new AlertSeries(Rule(AlertAggregation.Share) with { MinimumCount = 20 });
        share.Add(7, [part, whole]);

        Assert.Equal(new AlertSample(true, expected), share.Samples(7)[0]);
    }

    [Fact]
    public void Samples_OfWindows_CoverTheirMinutesAndNoOther()
    {
        var counter = new AlertSeries(new AlertRule("id", AlertAggregation.Growth, 0, 0, 5, 15));
        for (var minute = 1; minute <= 20; minute++)
            counter.Add(minute, [minute]);

        Assert.Equal([20 + 19 + 18 + 17 + 16, 15 + 14 + 13 + 12 + 11, 10 + 9 + 8 + 7 + 6.0], counter.Samples(20).Select(sample => sample.Value));
    }

    [Fact]
    public void Trim_OldMinutesAndThoseOfAClockThatWasSet_AreForgotten()
    {
        var gauge = new AlertSeries(Rule(AlertAggregation.Greatest));
        foreach (var minute in new[] { 1L, 5, 6, 10, 11, 5000 })
            gauge.Add(minute, [1]);

        gauge.Trim(10);

        Assert.Equal([6L, 10], gauge.Minutes.Select(minute => minute.Key));
    }

    [Fact]
    public void Add_PartsOfAnotherRule_AreLeftOut()
    {
        var gauge = new AlertSeries(Rule(AlertAggregation.Greatest));
        gauge.Add(1, [1, 2]);

        Assert.Empty(gauge.Minutes);
    }

    [Theory]
    [InlineData(0.0002)]
    [InlineData(0.02)]
    [InlineData(0.7)]
    [InlineData(5)]
    [InlineData(250)]
    public void Percentile_OfOneDuration_IsATwentiethOffAtMost(double seconds)
    {
        var counts = new double[DurationBuckets.Count];
        counts[DurationBuckets.IndexOf(seconds)] = 100;

        Assert.InRange(DurationBuckets.Percentile(counts, 0.95), Math.Max(seconds, 0.001) * 0.95, Math.Max(seconds, 0.001) * 1.05);
    }

    [Fact]
    public void Percentile_NineteenOfTwentyFast_IsFast()
    {
        var counts = new double[DurationBuckets.Count];
        counts[DurationBuckets.IndexOf(0.01)] = 19;
        counts[DurationBuckets.IndexOf(100)] = 1;

        Assert.InRange(DurationBuckets.Percentile(counts, 0.95), 0.009, 0.011);
        counts[DurationBuckets.IndexOf(100)] = 2;
        Assert.InRange(DurationBuckets.Percentile(counts, 0.95), 95, 105);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-1)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1e300)]
    public void IndexOf_AnyNumber_IsABucket(double seconds) => Assert.InRange(DurationBuckets.IndexOf(seconds), 0, DurationBuckets.Count - 1);

    private static AlertRule Rule(AlertAggregation aggregation) => new("id", aggregation, 10, 5, 1, 5);
}
