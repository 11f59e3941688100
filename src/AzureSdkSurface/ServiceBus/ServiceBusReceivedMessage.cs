#nullable disable // The package carries no nullable annotations.

namespace Azure.Messaging.ServiceBus;

/// <summary>A message as a receiver sees it.</summary>
public class ServiceBusReceivedMessage
{
    internal ServiceBusReceivedMessage()
    {
    }

    public BinaryData Body { get; internal init; }

    public string MessageId { get; internal init; }

    public string CorrelationId { get; internal init; }

    public string Subject { get; internal init; }

    public string ContentType { get; internal init; }

    public IReadOnlyDictionary<string, object> ApplicationProperties { get; internal init; }

    /// <summary>1 at the first delivery.</summary>
    public int DeliveryCount { get; internal init; }

    public long SequenceNumber { get; internal init; }

    public DateTimeOffset EnqueuedTime { get; internal init; }

    public DateTimeOffset LockedUntil { get; internal init; }

    public string LockToken => LockTokenGuid.ToString();

    public ServiceBusMessageState State { get; internal init; }

    internal Guid LockTokenGuid { get; init; }
}
