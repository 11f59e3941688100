using System.Threading.Channels;
using Amqp;

namespace Headgate.ServiceBusPeer.Wire;

/// <summary>Hands the connections that Kestrel has accepted to the AMQP container.</summary>
internal sealed class Transports : TransportProvider
{
    public const string Scheme = "accepted";

    private readonly Channel<IAsyncTransport> _accepted = Channel.CreateUnbounded<IAsyncTransport>();

    public Transports() => AddressSchemes = [Scheme];

    public void Add(IAsyncTransport transport) => _accepted.Writer.TryWrite(transport);

    public override async Task<IAsyncTransport> CreateAsync(Address address) => await _accepted.Reader.ReadAsync();
}
