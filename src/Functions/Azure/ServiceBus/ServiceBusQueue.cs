using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;
using Headgate.Functions.Ports;

namespace Headgate.Functions.Azure.ServiceBus;

/// <summary>Sends to the queues of a namespace, one sender a queue for the life of the process.</summary>
public sealed class ServiceBusQueue(ServiceBusClient client) : IQueueSender
{
    /// <summary>The property under which the Functions host and the SDKs carry the sender's trace.</summary>
    private const string TraceProperty = "Diagnostic-Id";

    private readonly ConcurrentDictionary<string, ServiceBusSender> _senders = new(StringComparer.Ordinal);

    public async ValueTask SendAsync(OutgoingMessage message, CancellationToken cancellationToken = default)
    {
        var outgoing = new ServiceBusMessage(message.Body) { MessageId = message.MessageId, ContentType = "application/json" };
        if (message.TraceParent is not null)
            outgoing.ApplicationProperties[TraceProperty] = message.TraceParent;
        if (message.ScheduledFor is { } at)
            outgoing.ScheduledEnqueueTime = at;
        try
        {
            await _senders.GetOrAdd(message.Queue, client.CreateSender).SendMessageAsync(outgoing, cancellationToken);
        }
        catch (ServiceBusException failure)
        {
            throw QueueFailures.Unavailable(message.Queue, failure);
        }
    }
}
