namespace Headgate.Core.Retry;

/// <summary>Exponential backoff, capped after jitter.</summary>
public static class Backoff
{
    /// <summary>Shortest delay: full jitter must not become a busy loop.</summary>
    public const double FloorSeconds = 0.05;

    /// <summary>
    /// The wait before retry <paramref name="retry"/> (1-based; less counts as 1): <c>d = min(base·factor^(n-1), max)</c>, then uniform in
    /// <c>[d(1-jitter), min(d(1+jitter), max)]</c>. Finite and within [0.05 s, max] for every n.
    /// </summary>
    /// <param name="policy">A valid policy.</param>
    /// <param name="retry">The retry's number.</param>
    /// <param name="chance">Uniform in [0, 1).</param>
    public static TimeSpan Delay(RetryPolicy policy, int retry, double chance)
    {
        var nominal = Nominal(policy, retry);
        var low = nominal * (1 - policy.Jitter);
        var high = High(policy, nominal);
        var seconds = low + ((high - low) * Math.Clamp(chance, 0, 1));
        return TimeSpan.FromSeconds(Math.Max(seconds, FloorSeconds));
    }

    /// <summary>The longest possible <see cref="Delay"/>.</summary>
    public static TimeSpan Longest(RetryPolicy policy, int retry) => TimeSpan.FromSeconds(Math.Max(High(policy, Nominal(policy, retry)), FloorSeconds));

    // For large n, Pow gives infinity and Min gives the cap.
    private static double Nominal(RetryPolicy policy, int retry) => Math.Min(policy.BaseSeconds * Math.Pow(policy.Factor, Math.Max(retry, 1) - 1), policy.MaxSeconds);

    private static double High(RetryPolicy policy, double nominal) => Math.Min(nominal * (1 + policy.Jitter), policy.MaxSeconds);
}
