using Headgate.Core.Validation;

namespace Headgate.Core.Retry;

/// <summary>How often and how far apart a task is retried. Copied into the task at admission.</summary>
/// <param name="MaxRetries">0..20; retries after the first attempt.</param>
/// <param name="BaseSeconds">0.05..3600; the first delay before jitter.</param>
/// <param name="MaxSeconds">From <paramref name="BaseSeconds"/> to 86400; the longest delay, jitter included.</param>
/// <param name="Jitter">0..1; the share of a delay that is subtracted or added at random.</param>
/// <param name="Factor">1..10; each delay is this times the one before.</param>
public sealed record RetryPolicy(
    int MaxRetries = RetryPolicy.DefaultMaxRetries,
    double BaseSeconds = RetryPolicy.DefaultBaseSeconds,
    double MaxSeconds = RetryPolicy.DefaultMaxSeconds,
    double Jitter = RetryPolicy.DefaultJitter,
    double Factor = RetryPolicy.DefaultFactor)
{
    public const string DefaultName = "default";
    public const int DefaultMaxRetries = 3;
    public const int MaxRetriesCeiling = 20;
    public const double DefaultBaseSeconds = 5;
    public const double BaseSecondsFloor = 0.05;
    public const double BaseSecondsCeiling = 3600;
    public const double DefaultMaxSeconds = 300;
    public const double MaxSecondsCeiling = 86400;
    public const double DefaultJitter = 0.5;
    public const double DefaultFactor = 2;
    public const double FactorCeiling = 10;

    public static RetryPolicy Default { get; } = new();

    /// <summary>Adds a problem for each value out of range.</summary>
    public void Check(Problems problems)
    {
        if (MaxRetries is < 0 or > MaxRetriesCeiling)
            problems.Add("maxRetries", $"must be between 0 and {MaxRetriesCeiling}");
        if (!(BaseSeconds is >= BaseSecondsFloor and <= BaseSecondsCeiling))
            problems.Add("baseSeconds", $"must be between {BaseSecondsFloor} and {BaseSecondsCeiling}");
        if (!(MaxSeconds is >= BaseSecondsFloor and <= MaxSecondsCeiling))
            problems.Add("maxSeconds", $"must be between {BaseSecondsFloor} and {MaxSecondsCeiling}");
        else if (MaxSeconds < BaseSeconds)
            problems.Add("maxSeconds", $"must be at least baseSeconds ({BaseSeconds})");
        if (!(Jitter is >= 0 and <= 1))
            problems.Add("jitter", "must be between 0 and 1");
        if (!(Factor is >= 1 and <= FactorCeiling))
            problems.Add("factor", $"must be between 1 and {FactorCeiling}");
    }
}
