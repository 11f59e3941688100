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
            var age = counts.ActiveMessageCount == 0 ? TimeSpan.Zero : await OldestAgeAsync(queue, cancellationToken);
            return new QueueDepth(counts.ActiveMessageCount, counts.ScheduledMessageCount, counts.DeadLetterMessageCount, age);
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

    private async ValueTask<TimeSpan> OldestAgeAsync(string queue, CancellationToken cancellationToken)
    {
        var oldest = DateTimeOffset.MaxValue;
        foreach (var message in await client.CreateReceiver(queue).PeekMessagesAsync(Looked, null, cancellationToken))
        {
            if (message.State == ServiceBusMessageState.Active && message.EnqueuedTime < oldest)
                oldest = message.EnqueuedTime;
        }

        var now = clock.GetUtcNow();
        return oldest < now ? now - oldest : TimeSpan.Zero;
    }
}
