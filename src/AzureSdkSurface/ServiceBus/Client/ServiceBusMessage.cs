#nullable disable // The package carries no nullable annotations.

namespace Azure.Messaging.ServiceBus;

/// <summary>A message on its way out.</summary>
public class ServiceBusMessage(ReadOnlyMemory<byte> body)
{
    public BinaryData Body { get; set; } = BinaryData.FromBytes(body);

    public string MessageId { get; set; }

    public string ContentType { get; set; }

    public DateTimeOffset ScheduledEnqueueTime { get; set; }

    public IDictionary<string, object> ApplicationProperties { get; } = new Dictionary<string, object>(StringComparer.Ordinal);
}
