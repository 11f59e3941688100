#nullable disable // The package carries no nullable annotations.

using Headgate.AzureSdkSurface;

namespace Azure.Messaging.ServiceBus;

/// <summary>Looks into one queue.</summary>
public class ServiceBusReceiver
{
    protected ServiceBusReceiver()
    {
    }

    public virtual Task<IReadOnlyList<ServiceBusReceivedMessage>> PeekMessagesAsync(int maxMessages, long? fromSequenceNumber = null, CancellationToken cancellationToken = default) =>
        throw NoBehaviour.Here();
}
