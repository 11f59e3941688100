namespace Headgate.ServiceBusPeer.Queues;

/// <summary>A message in a queue.</summary>
/// <param name="Sent">As its sender gave it.</param>
/// <param name="Sequence">Its place; a scheduled message gets another when its time comes.</param>
/// <param name="EnqueuedAt">When it came, or its time.</param>
public sealed record QueuedMessage(BusMessage Sent, long Sequence, DateTimeOffset EnqueuedAt)
{
    public int Deliveries { get; init; }

    public bool IsScheduled { get; init; }

    /// <summary>Null where nobody has it.</summary>
    public Guid? Lock { get; init; }

    public DateTimeOffset LockedUntil { get; init; }

    /// <summary>Null unless it is a dead letter.</summary>
    public string? DeadReason { get; init; }
}
