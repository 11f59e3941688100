namespace Headgate.Storage.Queue;

/// <param name="Concurrency">Most messages handled at once; at least 1.</param>
public sealed record PumpOptions(int Concurrency)
{
    /// <summary>For how long a message's lock is renewed while it is handled. After that the message may be delivered again.</summary>
    public TimeSpan MaxLockRenewal { get; init; } = TimeSpan.FromMinutes(5);
}
