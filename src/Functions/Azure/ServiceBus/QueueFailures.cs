using Azure.Messaging.ServiceBus;
using Headgate.Functions.Ports;

namespace Headgate.Functions.Azure.ServiceBus;

/// <summary>What a broker's failure is to the app.</summary>
internal static class QueueFailures
{
    private static readonly TimeSpan WhenBusy = TimeSpan.FromSeconds(10);

    public static StoreUnavailableException Unavailable(string queue, ServiceBusException failure) => new(
        $"The queue '{queue}' could not be used ({failure.Reason}).",
        failure,
        failure.Reason == ServiceBusFailureReason.ServiceBusy ? WhenBusy : null);
}
