using System.Security.Cryptography;
using Headgate.Core.Retry;

namespace Headgate.Agent.Connection;

/// <summary>Ever longer pauses while the service is away, spread by chance so that a fleet does not come back as one.</summary>
/// <param name="longestSeconds">No pause is longer, except where the service asks for it.</param>
internal sealed class RetryPause(double longestSeconds, TimeProvider time)
{
    private static readonly TimeSpan MostAsked = TimeSpan.FromMinutes(5);

    private readonly RetryPolicy _policy = new(BaseSeconds: Math.Min(0.25, longestSeconds), MaxSeconds: longestSeconds);
    private int _failures;

    public bool IsFirst => _failures == 0;

    public void Reset() => _failures = 0;

    /// <param name="asked">What the service asked for, if anything: the pause is at least so long, up to 5 minutes.</param>
    public Task WaitAsync(TimeSpan? asked, CancellationToken stop)
    {
        var pause = Backoff.Delay(_policy, ++_failures, RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue);
        if (asked is { } least && least > pause)
            pause = least < MostAsked ? least : MostAsked;
        return Task.Delay(pause, time, stop);
    }
}
