namespace Headgate.Core.Alerts;

/// <summary>A window as a rule sees it.</summary>
/// <param name="IsMeasured">Whether anything was measured in it.</param>
/// <param name="Value">Null where nothing was measured, or where too little happened to say anything.</param>
public readonly record struct AlertSample(bool IsMeasured, double? Value)
{
    public static readonly AlertSample None;
}

/// <summary>
/// What was measured for one rule, minute by minute of Unix time. Minutes that several processes, or two records of one, tell are merged. Bounded
/// by <see cref="Trim"/>.
/// </summary>
public sealed class AlertSeries(AlertRule rule)
{
    private readonly SortedDictionary<long, double[]> _minutes = [];

    public IEnumerable<KeyValuePair<long, double[]>> Minutes => _minutes;

    public static long MinuteOf(DateTimeOffset time) => (long)Math.Floor(time.ToUnixTimeSeconds() / 60.0);

    /// <summary>Adds what another process measured in the minute: growths add up, of values the greatest counts.</summary>
    /// <param name="minute">Of Unix time.</param>
    /// <param name="parts">As many as the rule's; others are left out, as they are of another rule.</param>
    public void Add(long minute, ReadOnlySpan<double> parts) => Merge(minute, parts, rule.Aggregation == AlertAggregation.Greatest ? Math.Max : static (a, b) => a + b);

    /// <summary>Takes another record of what the same processes measured in the minute: the fuller counts.</summary>
    public void Recall(long minute, ReadOnlySpan<double> parts) => Merge(minute, parts, Math.Max);

    /// <summary>Forgets what no sample of <paramref name="minute"/> or later looks at.</summary>
    public void Trim(long minute)
    {
        foreach (var old in _minutes.Keys.Where(each => each <= minute - rule.ForMinutes || each > minute).ToList())
            _minutes.Remove(old);
    }

    /// <summary>The samples whose newest ends with the given minute, the newest first.</summary>
    public IReadOnlyList<AlertSample> Samples(long minute)
    {
        var samples = new AlertSample[rule.Samples];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = Sample(minute - (i * rule.WindowMinutes));
        return samples;
    }

    private AlertSample Sample(long last)
    {
        double[]? whole = null;
        for (var minute = last; minute > last - rule.WindowMinutes; minute--)
        {
            if (!_minutes.TryGetValue(minute, out var parts))
                continue;
            whole ??= new double[parts.Length];
            for (var i = 0; i < parts.Length; i++)
                whole[i] = rule.Aggregation == AlertAggregation.Greatest ? Math.Max(whole[i], parts[i]) : whole[i] + parts[i];
        }

        return whole is null ? AlertSample.None : new(true, Value(whole));
    }

    private double? Value(double[] parts) => rule.Aggregation switch
    {
        AlertAggregation.Share => parts[1] >= rule.MinimumCount ? 100 * parts[0] / parts[1] : null,
        AlertAggregation.Percentile95 => parts.Sum() >= rule.MinimumCount ? DurationBuckets.Percentile(parts, 0.95) : null,
        _ => parts[0],
    };

    private void Merge(long minute, ReadOnlySpan<double> parts, Func<double, double, double> merge)
    {
        if (parts.Length != rule.Parts)
            return;
        if (!_minutes.TryGetValue(minute, out var known))
        {
            _minutes.Add(minute, parts.ToArray());
            return;
        }

        for (var i = 0; i < parts.Length; i++)
            known[i] = merge(known[i], parts[i]);
    }
}
