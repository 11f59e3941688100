using Azure;
using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;
using Headgate.Functions.Ports;

namespace Headgate.Functions.Azure.ServiceBus;

/// <summary>
/// Counts of a queue as the broker keeps them, and the age of its oldest active message by a look at the first messages. A queue whose
/// first 100 messages are all scheduled or deferred shows no age.
/// </summary>
public sealed class ServiceBusMetrics(ServiceBusClient client, ServiceBusAdministrationClient administration, TimeProvider clock) : IQueueMetrics
{
    private const int Looked = 100;

    public async ValueTask<QueueDepth> GetAsync(string queue, CancellationToken cancellationToken = default)
    {
        try
        {
            var counts = (await administration.GetQueueRuntimePropertiesAsync(queue, cancellationToken)).Value;
            var first = counts.ActiveMessageCount == 0 ? [] : await client.CreateReceiver(queue).PeekMessagesAsync(Looked, null, cancellationToken);
            return PeekedQueue.Depth(counts.ActiveMessageCount, counts.ScheduledMessageCount, counts.DeadLetterMessageCount, first, clock.GetUtcNow());
        }
        catch (ServiceBusException failure)
        {
            throw QueueFailures.Unavailable(queue, failure);
        }
        catch (RequestFailedException failure)
        {
            throw new StoreUnavailableException($"The queue '{queue}' could not be asked (status {failure.Status}).", failure);
        }
    }
}
