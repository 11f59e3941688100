namespace Headgate.Ports;

/// <summary>A message that its queue gave up.</summary>
/// <param name="SequenceNumber">Its place among the queue's messages.</param>
/// <param name="MessageId">The sender's id.</param>
/// <param name="Body">As it was sent, whatever that is.</param>
/// <param name="EnqueuedAt">When it was sent.</param>
/// <param name="Deliveries">How often it was delivered.</param>
/// <param name="Reason">Of who gave it up; empty where none was given.</param>
/// <param name="Description">More of it; null where there is no more.</param>
public sealed record QueueDeadLetter(
    long SequenceNumber, string MessageId, ReadOnlyMemory<byte> Body, DateTimeOffset EnqueuedAt, int Deliveries, string Reason, string? Description);

/// <summary>The messages that queues gave up.</summary>
public interface IQueueDeadLetters
{
    /// <summary>The first of a queue by their sequence numbers.</summary>
    /// <param name="queue">Its name.</param>
    /// <param name="after">Those with a number up to this are left out; 0: none.</param>
    /// <param name="most">At least 1.</param>
    ValueTask<IReadOnlyList<QueueDeadLetter>> ReadAsync(string queue, long after, int most, CancellationToken cancellationToken = default);

    /// <summary>
    /// Sends the oldest again, each as a new message with the same body, and removes them. One that is sent may stand among the dead letters still, if the process
    /// or the way to the broker breaks between: who handles messages expects one twice.
    /// </summary>
    /// <param name="queue">Its name.</param>
    /// <param name="most">At least 1.</param>
    /// <returns>How many were sent and removed.</returns>
    ValueTask<int> ResendAsync(string queue, int most, CancellationToken cancellationToken = default);
}

/// <summary>Ids of messages that are sent again. The old one may be in the duplicate window still.</summary>
public static class ResentId
{
    private const char Sign = '~';

    /// <summary>What is sent again and again does not grow: only the last letter's number is added.</summary>
    public static string Of(string messageId, long sequenceNumber)
    {
        var sign = messageId.LastIndexOf(Sign);
        var first = sign > 0 && messageId.AsSpan(sign + 1).ContainsAnyExceptInRange('0', '9') is false ? messageId[..sign] : messageId;
        return $"{(first.Length <= 100 ? first : first[..100])}{Sign}{sequenceNumber}";
    }
}
