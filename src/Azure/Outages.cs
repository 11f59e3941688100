using System.Net.Sockets;
using Azure;
using Azure.Identity;
using Azure.Messaging.ServiceBus;

namespace Headgate.Azure;

/// <summary>Lists the failures that mean: an Azure service can't be used now, but may be later.</summary>
internal static class Outages
{
    /// <summary>
    /// Includes an identity without a token or role, since both come with time. The caller's own cancellation looks like a timeout: check
    /// for it first.
    /// </summary>
    public static bool Includes(Exception failure) => failure is
        RequestFailedException or ServiceBusException
        or AuthenticationFailedException or UnauthorizedAccessException
        or OperationCanceledException or TimeoutException
        or IOException or HttpRequestException or SocketException;
}
