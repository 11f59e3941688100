using Azure.Messaging.ServiceBus;
using Headgate.Ports;

namespace Headgate.Azure.ServiceBus;

/// <summary>What a queue's counts and a look at its first messages say together.</summary>
public static class PeekedQueue
{
    /// <param name="active">As the broker counts.</param>
    /// <param name="scheduled">Likewise.</param>
    /// <param name="deadLettered">Likewise.</param>
    /// <param name="first">Scheduled and deferred messages are peeked too; only active ones wait.</param>
    /// <param name="now">The time; a message from a broker whose clock is ahead has no age.</param>
    public static QueueDepth Depth(long active, long scheduled, long deadLettered, IEnumerable<ServiceBusReceivedMessage> first, DateTimeOffset now)
    {
        var oldest = now;
        foreach (var message in first)
        {
            if (message.State == ServiceBusMessageState.Active && message.EnqueuedTime < oldest)
                oldest = message.EnqueuedTime;
        }

        return new QueueDepth(active, scheduled, deadLettered, now - oldest);
    }
}
