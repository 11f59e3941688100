#nullable disable // The package carries no nullable annotations.

using Azure.Core;
using Headgate.AzureSdkSurface;

namespace Azure.Messaging.ServiceBus.Administration;

/// <summary>Manages a namespace. Reading a queue's counts needs the Manage claim (Azure Service Bus Data Owner).</summary>
public class ServiceBusAdministrationClient
{
    public ServiceBusAdministrationClient(string fullyQualifiedNamespace, TokenCredential credential) => throw NoBehaviour.Here();

    protected ServiceBusAdministrationClient()
    {
    }

    public virtual Task<Response<QueueRuntimeProperties>> GetQueueRuntimePropertiesAsync(string name, CancellationToken cancellationToken = default) =>
        throw NoBehaviour.Here();
}

/// <summary>What a queue holds.</summary>
public class QueueRuntimeProperties
{
    internal QueueRuntimeProperties()
    {
    }

    public long ActiveMessageCount { get; internal set; }

    public long DeadLetterMessageCount { get; internal set; }

    public long ScheduledMessageCount { get; internal set; }
}
