using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;
using Headgate.Ports;

namespace Headgate.Azure.ServiceBus;

/// <summary>
/// A queue's counts, from the broker, and the age of its oldest active message among the first 100. If those are all scheduled or
/// deferred, the age is zero.
/// </summary>
public sealed class ServiceBusMetrics(ServiceBusClient client, ServiceBusAdministrationClient administration, TimeProvider clock) : IQueueMetrics
{
    private const int Peeked = 100;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    /// <exception cref="StoreUnavailableException">The broker can't be reached, refuses, or did not answer within two seconds.</exception>
    public async ValueTask<QueueDepth> GetAsync(string queue, CancellationToken cancellationToken = default) =>
        await QueueFailures.GuardAsync(queue, s_patience, clock, token => AskAsync(queue, token), cancellationToken);

    private async Task<QueueDepth> AskAsync(string queue, CancellationToken cancellationToken)
    {
        var counts = (await administration.GetQueueRuntimePropertiesAsync(queue, cancellationToken)).Value;
        return PeekedQueue.Depth(
            counts.ActiveMessageCount,
            counts.ScheduledMessageCount,
            counts.DeadLetterMessageCount,
            counts.ActiveMessageCount == 0 ? [] : await PeekAsync(queue, cancellationToken),
            clock.GetUtcNow());
    }

    // A receiver holds a link to the broker until it is closed.
    private async Task<IReadOnlyList<ServiceBusReceivedMessage>> PeekAsync(string queue, CancellationToken cancellationToken)
    {
        await using var receiver = client.CreateReceiver(queue);
        return await receiver.PeekMessagesAsync(Peeked, null, cancellationToken);
    }
}
