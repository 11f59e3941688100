namespace Headgate.Storage.Queue;

/// <summary>One delivery of a message, locked for whoever received it. Its times are by the queue's clock, which nobody sets: on the wall they differ by what that was set.</summary>
/// <param name="Queue">Queue name.</param>
/// <param name="MessageId">The sender's id.</param>
/// <param name="SequenceNumber">The queue's id; later messages have higher numbers.</param>
/// <param name="Body">UTF-8 JSON.</param>
/// <param name="TraceParent">W3C trace context of the sender, if any.</param>
/// <param name="EnqueuedAt">When it could first have been delivered.</param>
/// <param name="ScheduledFor">The time it was scheduled for, if it was.</param>
/// <param name="DeliveryCount">1 at the first delivery.</param>
/// <param name="LockToken">Names this delivery.</param>
/// <param name="LockedUntil">As of the delivery; a renewal moves it.</param>
public sealed record ReceivedMessage(
    string Queue,
    string MessageId,
    long SequenceNumber,
    ReadOnlyMemory<byte> Body,
    string? TraceParent,
    DateTimeOffset EnqueuedAt,
    DateTimeOffset? ScheduledFor,
    int DeliveryCount,
    Guid LockToken,
    DateTimeOffset LockedUntil)
{
    /// <summary>Whether an earlier process has left it, and may have been ended by it.</summary>
    internal bool IsRestored { get; init; }
}

/// <summary>A message that was given up on.</summary>
public sealed record DeadLetter(string MessageId, long SequenceNumber, ReadOnlyMemory<byte> Body, int DeliveryCount, string Reason, string? Description);
