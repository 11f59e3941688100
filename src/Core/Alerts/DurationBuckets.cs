namespace Headgate.Core.Alerts;

/// <summary>Durations counted by size, close enough together that a percentile read from them is a twentieth off at most.</summary>
public static class DurationBuckets
{
    private const double Smallest = 0.001;
    private const double Factor = 1.1;

    /// <summary>From a millisecond to five minutes; what is longer is in the last.</summary>
    public const int Count = 134;

    /// <param name="seconds">Less than nothing counts as nothing.</param>
    public static int IndexOf(double seconds) =>
        seconds > Smallest ? (int)Math.Min(Math.Ceiling(Math.Log(seconds / Smallest, Factor)), Count - 1) : 0;

    /// <summary>The middle of the bucket in which the given share of the durations ends; 0 where there are none.</summary>
    /// <param name="counts">By bucket.</param>
    /// <param name="share">In (0, 1].</param>
    public static double Percentile(ReadOnlySpan<double> counts, double share)
    {
        var all = 0.0;
        foreach (var count in counts)
            all += count;
        var (rank, seen) = (all * share, 0.0);
        for (var i = 0; i < counts.Length; i++)
        {
            seen += counts[i];
            if (seen >= rank && seen > 0)
                return Smallest * Math.Pow(Factor, i - 0.5);
        }

        return 0;
    }
}
