namespace Headgate.Storage.Queue;

/// <summary>How queues behave; the same for all of them, and by default as Service Bus does it for this app.</summary>
public sealed record QueueOptions
{
    /// <summary>How long a delivery keeps its message from others, counted anew by each renewal.</summary>
    public TimeSpan LockDuration { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A message that comes back after this many deliveries is dead-lettered.</summary>
    public int MaxDeliveryCount { get; init; } = 10;

    /// <summary>A message with an id sent within this time is dropped.</summary>
    public TimeSpan DuplicateWindow { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>For how long a dead letter is kept; default 14 days, above zero.</summary>
    public TimeSpan DeadLetterRetention { get; init; } = TimeSpan.FromDays(14);

    /// <summary>Dead letters kept in each queue; the oldest go first. Default 10,000, at least 1.</summary>
    public int MaxDeadLetters { get; init; } = 10_000;
}
