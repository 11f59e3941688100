#nullable disable // The package carries no nullable annotations.

using Azure.Core;
using Headgate.AzureSdkSurface;

namespace Azure.Messaging.ServiceBus;

/// <summary>A connection to a namespace.</summary>
public class ServiceBusClient
{
    public ServiceBusClient(string connectionString) => throw NoBehaviour.Here();

    public ServiceBusClient(string fullyQualifiedNamespace, TokenCredential credential) => throw NoBehaviour.Here();

    protected ServiceBusClient()
    {
    }

    public virtual ServiceBusSender CreateSender(string queueOrTopicName) => throw NoBehaviour.Here();

    public virtual ServiceBusReceiver CreateReceiver(string queueName) => throw NoBehaviour.Here();
}
