using Headgate.Core.Retry;

namespace Headgate.Core.Tests.Retry;

public sealed class BackoffTests
{
    [Fact]
    public void Delay_DefaultPolicyWithoutJitter_DoublesToTheCap()
    {
        var policy = RetryPolicy.Default with { Jitter = 0 };

        Assert.Equal([5, 10, 20, 40, 80, 160, 300, 300], Enumerable.Range(1, 8).Select(retry => Backoff.Delay(policy, retry, 0.5).TotalSeconds));
    }

    [Theory]
    [InlineData(0.0, 2.5)]
    [InlineData(0.5, 5.0)]
    [InlineData(1.0, 7.5)]
    public void Delay_DefaultPolicy_SpreadsHalfToBothSides(double chance, double expected) =>
        Assert.Equal(expected, Backoff.Delay(RetryPolicy.Default, 1, chance).TotalSeconds, 6);

    [Theory]
    [InlineData(0.0, 150)]
    [InlineData(1.0, 300)]
    public void Delay_AtTheCap_JittersBelowItOnly(double chance, double expected) =>
        Assert.Equal(expected, Backoff.Delay(RetryPolicy.Default, 50, chance).TotalSeconds, 6);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public void Delay_RetryBelowOne_CountsAsTheFirst(int retry) =>
        Assert.Equal(Backoff.Delay(RetryPolicy.Default, 1, 0.3), Backoff.Delay(RetryPolicy.Default, retry, 0.3));

    [Fact]
    public void Delay_FullJitterAndNoLuck_IsTheFloor() =>
        Assert.Equal(Backoff.FloorSeconds, Backoff.Delay(RetryPolicy.Default with { Jitter = 1 }, 1, 0).TotalSeconds, 6);

    [Fact]
    public void Delay_LargestRetryAndFactor_IsTheCap() =>
        Assert.Equal(86400, Backoff.Delay(new RetryPolicy(20, 3600, 86400, 0, 10), int.MaxValue, 0).TotalSeconds);
}
