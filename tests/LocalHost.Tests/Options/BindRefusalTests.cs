using System.Net.Sockets;
using Headgate.LocalHost.Options;

namespace Headgate.LocalHost.Tests.Options;

public sealed class BindRefusalTests
{
    [Theory]
    [InlineData(SocketError.AccessDenied, "port: 80 on 10.0.0.1 is not allowed to this user; ports below 1024 are for privileged ones")]
    [InlineData(SocketError.AddressAlreadyInUse, "port: 80 is in use on 10.0.0.1")]
    [InlineData(SocketError.AddressNotAvailable, "host: 10.0.0.1 is not an address of this machine")]
    [InlineData(SocketError.AddressFamilyNotSupported, "host: 10.0.0.1: this machine has no network of its kind")]
    [InlineData(SocketError.InvalidArgument, "host: 10.0.0.1 can't be listened on; a link-local address needs its interface, as in fe80::1%eth0")]
    public void Of_SocketError_IsASentence(SocketError error, string expected)
    {
        var options = new LocalHostOptions { Host = "10.0.0.1", Port = 80 };

        Assert.Equal(expected, BindRefusal.Of(options, new IOException("outer", new SocketException((int)error)))?.ToString());
        Assert.StartsWith("host: can't listen on 10.0.0.1, port 80: ", BindRefusal.Of(options, new SocketException((int)SocketError.NoBufferSpaceAvailable))?.ToString(), StringComparison.Ordinal);
        Assert.Null(BindRefusal.Of(options, new IOException("disk")));
    }
}
