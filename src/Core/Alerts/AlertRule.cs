namespace Headgate.Core.Alerts;

/// <summary>How the values of a window become one sample.</summary>
public enum AlertAggregation
{
    /// <summary>The greatest value. A minute has one part: the value.</summary>
    Greatest,

    /// <summary>How much something grew. A minute has one part: the growth.</summary>
    Growth,

    /// <summary>A growth in percent of another. A minute has two parts: the growth and the other.</summary>
    Share,

    /// <summary>The 95th percentile of durations in seconds. A minute has a part for each bucket of <see cref="DurationBuckets"/>.</summary>
    Percentile95,
}

/// <summary>What it means that nothing was measured.</summary>
public enum NoDataRule
{
    /// <summary>The alert stays as it is.</summary>
    Keep,

    /// <summary>As a value at which it is over.</summary>
    Clear,

    /// <summary>As a value above the threshold.</summary>
    Fire,
}

/// <summary>When an alert fires and when it is over. A value equal to a bound has not passed it.</summary>
/// <param name="Id">Never used again for another rule.</param>
/// <param name="Aggregation">How a window becomes a sample.</param>
/// <param name="Threshold">Every sample must be above it; at least 0.</param>
/// <param name="ClearAt">At or below it the alert is over; between it and the threshold it stays as it is. From 0 to the threshold.</param>
/// <param name="WindowMinutes">How much time one sample covers.</param>
/// <param name="ForMinutes">How long every sample must pass; a multiple of the window.</param>
/// <param name="MinimumCount">For shares and percentiles: fewer events than this in a window say nothing bad.</param>
/// <param name="NoData">What it means that nothing was measured.</param>
public sealed record AlertRule(
    string Id,
    AlertAggregation Aggregation,
    double Threshold,
    double ClearAt,
    int WindowMinutes,
    int ForMinutes,
    int MinimumCount = 1,
    NoDataRule NoData = NoDataRule.Keep)
{
    private const int MostSamplesToClear = 3;

    /// <summary>How many samples are looked at.</summary>
    public int Samples => ForMinutes / WindowMinutes;

    /// <summary>How many of them must be there to fire. A third of a gauge's, rounded up, may be missing: the process that measures comes and goes.</summary>
    public int Needed => Aggregation == AlertAggregation.Greatest ? Math.Max(1, Samples * 2 / 3) : Samples;

    /// <summary>How many of the newest must be at or below <see cref="ClearAt"/> for it to be over.</summary>
    public int SamplesToClear => Math.Min(Samples, MostSamplesToClear);

    /// <summary>How many parts a minute has.</summary>
    public int Parts => Aggregation switch
    {
        AlertAggregation.Share => 2,
        AlertAggregation.Percentile95 => DurationBuckets.Count,
        _ => 1,
    };
}
