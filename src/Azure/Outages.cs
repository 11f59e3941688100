using System.Net.Sockets;
using Azure;
using Azure.Identity;
using Azure.Messaging.ServiceBus;

namespace Headgate.Azure;

/// <summary>The one list of failures that mean: what the app depends on can't be used now, and may be later.</summary>
internal static class Outages
{
    /// <summary>
    /// True as well where the identity gets no token or has not its roles yet: both come with time. The caller's own cancellation looks like
    /// a server that did not answer in time; who calls this tells them apart.
    /// </summary>
    public static bool Includes(Exception failure) => failure is
        RequestFailedException or ServiceBusException
        or AuthenticationFailedException or UnauthorizedAccessException
        or OperationCanceledException or TimeoutException
        or IOException or HttpRequestException or SocketException;
}
