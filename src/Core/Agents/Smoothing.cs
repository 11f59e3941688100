namespace Headgate.Core.Agents;

/// <summary>
/// An exponentially weighted mean over time: a report that is one time constant old has 1/e of a new one's weight, however often reports come.
/// </summary>
public static class Smoothing
{
    public static readonly TimeSpan TimeConstant = TimeSpan.FromSeconds(30);

    /// <param name="mean">The mean so far; null before the first report.</param>
    /// <param name="reported">The new value; null makes the mean unknown.</param>
    /// <param name="since">Time since the report before. Negative (a clock was set back) counts as zero.</param>
    public static double? Next(double? mean, double? reported, TimeSpan since)
    {
        if (mean is null || reported is null)
            return reported;
        var weight = since > TimeSpan.Zero ? 1 - Math.Exp(-(since / TimeConstant)) : 0;
        return mean + (reported - mean) * weight;
    }
}
