using Amqp;
using Amqp.Framing;
using Amqp.Types;
using Headgate.ServiceBusPeer.Queues;

namespace Headgate.ServiceBusPeer.Wire;

/// <summary>The answer to <c>com.microsoft:peek-message</c>.</summary>
internal static class PeekReply
{
    private const int Active = 0;
    private const int Scheduled = 2;

    /// <param name="messages">Of the queue, or its dead letters.</param>
    /// <param name="asked">The request.</param>
    /// <returns>Null where nothing is there from the asked sequence number on.</returns>
    public static Map? Of(IReadOnlyList<QueuedMessage> messages, Map asked)
    {
        var from = Convert.ToInt64(asked["from-sequence-number"]);
        var seen = messages.Where(message => message.Sequence >= from).Take(Convert.ToInt32(asked["message-count"])).Select(Entry).ToList();
        return seen.Count == 0 ? null : new Map { ["messages"] = seen };
    }

    private static Map Entry(QueuedMessage message)
    {
        var annotations = new MessageAnnotations
        {
            [new Symbol("x-opt-sequence-number")] = message.Sequence,
            [new Symbol("x-opt-enqueued-time")] = message.EnqueuedAt.UtcDateTime,
            [new Symbol("x-opt-message-state")] = message.IsScheduled ? Scheduled : Active,
        };
        if (message.Sent.ScheduledFor is { } at)
            annotations[new Symbol("x-opt-scheduled-enqueue-time")] = at.UtcDateTime;
        var properties = new ApplicationProperties();
        foreach (var (name, value) in message.Sent.Properties)
            properties[name] = value;
        if (message.DeadReason is not null)
            properties["DeadLetterReason"] = message.DeadReason;
        var encoded = new Message
        {
            ApplicationProperties = properties,
            Header = new Header { DeliveryCount = (uint)message.Deliveries },
            MessageAnnotations = annotations,
            Properties = new Properties { MessageId = message.Sent.Id, ContentType = message.Sent.ContentType },
            BodySection = new Data { Binary = message.Sent.Body },
        }.Encode();
        return new Map { ["message"] = encoded.Buffer.AsSpan(encoded.Offset, encoded.Length).ToArray() };
    }
}
