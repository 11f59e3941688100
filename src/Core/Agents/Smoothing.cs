namespace Headgate.Core.Agents;

/// <summary>
/// An exponentially weighted mean over time: what was reported a time constant ago counts 1/e of what is reported now, however often reports come.
/// </summary>
public static class Smoothing
{
    public static readonly TimeSpan TimeConstant = TimeSpan.FromSeconds(30);

    /// <param name="mean">Until now; null before the first report.</param>
    /// <param name="reported">Null where the report does not say: nothing is known from then on.</param>
    /// <param name="since">The report before. A negative time, after a clock was set back, counts as none.</param>
    public static double? Next(double? mean, double? reported, TimeSpan since)
    {
        if (mean is null || reported is null)
            return reported;
        var weight = since > TimeSpan.Zero ? 1 - Math.Exp(-(since / TimeConstant)) : 0;
        return mean + (reported - mean) * weight;
    }
}
