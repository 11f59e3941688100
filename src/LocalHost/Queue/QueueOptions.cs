namespace Headgate.LocalHost.Queue;

/// <summary>How queues behave; the same for all of them, and by default as Service Bus does it for this app.</summary>
public sealed record QueueOptions
{
    /// <summary>How long a delivery keeps its message from others, counted anew by each renewal.</summary>
    public TimeSpan LockDuration { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A message that comes back after this many deliveries is dead-lettered.</summary>
    public int MaxDeliveryCount { get; init; } = 10;

    /// <summary>A message with an id sent within this time is dropped.</summary>
    public TimeSpan DuplicateWindow { get; init; } = TimeSpan.FromMinutes(1);
}
