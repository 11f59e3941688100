using Azure.Messaging.ServiceBus;
using Headgate.Ports;

namespace Headgate.Azure.ServiceBus;

/// <summary>A queue's depth from the broker's counts and its first messages.</summary>
public static class PeekedQueue
{
    /// <param name="active">The broker's count.</param>
    /// <param name="scheduled">The broker's count.</param>
    /// <param name="deadLettered">The broker's count.</param>
    /// <param name="first">The first messages; scheduled and deferred ones among them are skipped.</param>
    /// <param name="now">The time. A message later than this, by the broker's clock, has age zero.</param>
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
