namespace Headgate.Storage.Queue;

/// <summary>One delivery of a message, locked for its receiver. Times are by the queue's steady clock, which differs from a wall clock that was set since.</summary>
/// <param name="Queue">Queue name.</param>
/// <param name="MessageId">The sender's id.</param>
/// <param name="SequenceNumber">Unique in the database; later messages have higher numbers.</param>
/// <param name="Body">UTF-8 JSON.</param>
/// <param name="TraceParent">The sender's W3C trace context.</param>
/// <param name="EnqueuedAt">When it became available.</param>
/// <param name="ScheduledFor">Null if it was not scheduled.</param>
/// <param name="DeliveryCount">1 at the first delivery.</param>
/// <param name="LockToken">Names this delivery.</param>
/// <param name="LockedUntil">At the time of delivery; a renewal extends it.</param>
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
    /// <summary>An earlier process left it; the message may have ended that process.</summary>
    internal bool IsRestored { get; init; }
}
