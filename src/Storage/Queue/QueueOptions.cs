namespace Headgate.Storage.Queue;

/// <summary>How all queues of a store behave. Except for dead letters, the defaults match the app's Service Bus queue.</summary>
public sealed record QueueOptions
{
    /// <summary>How long a delivery locks its message; each renewal starts anew.</summary>
    public TimeSpan LockDuration { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A message not completed after this many deliveries is dead-lettered.</summary>
    public int MaxDeliveryCount { get; init; } = 10;

    /// <summary>A message is dropped if one with its id was sent within this time.</summary>
    public TimeSpan DuplicateWindow { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a dead letter is kept; above zero. Service Bus keeps them forever.</summary>
    public TimeSpan DeadLetterRetention { get; init; } = TimeSpan.FromDays(14);

    /// <summary>Most dead letters kept per queue, at least 1; the oldest are removed first.</summary>
    public int MaxDeadLetters { get; init; } = 10_000;
}
