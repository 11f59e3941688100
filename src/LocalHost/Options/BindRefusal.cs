using System.Net.Sockets;
using Headgate.Core.Validation;
using Microsoft.AspNetCore.Connections;

namespace Headgate.LocalHost.Options;

/// <summary>Why the system does not let the service listen where it was told to.</summary>
internal static class BindRefusal
{
    /// <summary>Null for an exception of another kind.</summary>
    public static Problem? Of(LocalHostOptions options, Exception exception) => Socket(exception) switch
    {
        null => exception is IOException { InnerException: AddressInUseException } ? InUse(options) : null,
        { SocketErrorCode: SocketError.AddressAlreadyInUse } => InUse(options),
        { SocketErrorCode: SocketError.AddressNotAvailable } => new Problem("host", $"{options.Host} is not an address of this machine"),
        { SocketErrorCode: SocketError.AccessDenied } => new Problem("port", $"{options.Port} on {options.Host} is not allowed to this user; ports below 1024 are for privileged ones"),
        { SocketErrorCode: SocketError.AddressFamilyNotSupported } => new Problem("host", $"{options.Host}: this machine has no network of its kind"),
        { SocketErrorCode: SocketError.InvalidArgument } => new Problem("host", $"{options.Host} can't be listened on; a link-local address needs its interface, as in fe80::1%eth0"),
        { } other => new Problem("host", $"can't listen on {options.Host}, port {options.Port}: {other.Message}"),
    };

    private static Problem InUse(LocalHostOptions options) => new("port", $"{options.Port} is in use on {options.Host}");

    private static SocketException? Socket(Exception? exception)
    {
        while (exception is not (null or SocketException))
            exception = exception.InnerException;
        return exception as SocketException;
    }
}
