using Azure.Core;
using Azure.Core.Pipeline;

namespace Headgate.Azure.Tables;

/// <summary>
/// Four tries: within about a second if each fails at once, or as the server's <c>Retry-After</c> says. If that is over two seconds, the
/// call fails at once.
/// </summary>
internal sealed class BriefRetry() : RetryPolicy(Retries, DelayStrategy.CreateExponentialDelayStrategy(s_firstDelay, s_longestDelay))
{
    private const int Retries = 3;
    private static readonly TimeSpan s_firstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longestDelay = TimeSpan.FromSeconds(2);

    protected override bool ShouldRetry(HttpMessage message, Exception? exception) =>
        IsSoon(message) && base.ShouldRetry(message, exception);

    protected override ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception) =>
        IsSoon(message) ? base.ShouldRetryAsync(message, exception) : ValueTask.FromResult(false);

    private static bool IsSoon(HttpMessage message) =>
        !message.HasResponse || ServerDelay.Of(message.Response) is not { } delay || delay <= s_longestDelay;
}
