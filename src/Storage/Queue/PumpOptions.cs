namespace Headgate.Storage.Queue;

/// <param name="Concurrency">How many messages are handled at once, at most; 1 or more.</param>
public sealed record PumpOptions(int Concurrency)
{
    /// <summary>For how long a message's lock is renewed while it is handled; after that others may get it.</summary>
    public TimeSpan MaxLockRenewal { get; init; } = TimeSpan.FromMinutes(5);
}
