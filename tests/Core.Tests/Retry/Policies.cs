using FsCheck;
using FsCheck.Fluent;
using Headgate.Core.Retry;

namespace Headgate.Core.Tests.Retry;

/// <summary>Valid policies, edge values included.</summary>
internal static class Policies
{
    public static Gen<double> Share { get; } = Gen.Choose(0, 1_000_000).Select(n => n / 1_000_000d);

    /// <summary>Uniform in [0, 1), as chance is given.</summary>
    public static Gen<double> Chance { get; } = Gen.Choose(0, int.MaxValue - 1).Select(n => n / (double)int.MaxValue);

    public static Gen<RetryPolicy> Valid { get; } =
        from retries in Gen.Choose(0, RetryPolicy.MaxRetriesCeiling)
        from baseSeconds in Between(RetryPolicy.BaseSecondsFloor, RetryPolicy.BaseSecondsCeiling)
        from maxSeconds in Between(baseSeconds, RetryPolicy.MaxSecondsCeiling)
        from jitter in Between(0, 1)
        from factor in Between(1, RetryPolicy.FactorCeiling)
        select new RetryPolicy(retries, baseSeconds, maxSeconds, jitter, factor);

    private static Gen<double> Between(double low, double high) =>
        Gen.OneOf(Gen.Constant(low), Gen.Constant(high), Share.Select(share => low + (share * (high - low))));
}
