using System.Collections.Concurrent;
using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Amqp.Sasl;
using Amqp.Types;
using Headgate.ServiceBusPeer.Queues;

namespace Headgate.ServiceBusPeer.Wire;

/// <summary>
/// The AMQP side: tokens are taken at <c>$cbs</c>, messages at a queue's name, questions at its <c>$management</c>. Addresses may begin
/// with a slash.
/// </summary>
internal sealed class Container
{
    private const string Desk = "/$management";
    private const string DeadLetters = "/$deadletterqueue";

    private readonly ConcurrentDictionary<string, bool> _desks = new(StringComparer.OrdinalIgnoreCase);
    private readonly BusQueues _queues;
    private readonly PeerScript _script;
    private readonly Connections _connections;

    public Container(BusQueues queues, PeerScript script, Connections connections, Transports transports)
    {
        (_queues, _script, _connections) = (queues, script, connections);
        var host = new ContainerHost([new Address("peer", 0, scheme: Transports.Scheme)]) { AddressResolver = Resolve };
        host.CustomTransports.Add(Transports.Scheme, transports);
        // What a client offers where its token is to follow at $cbs.
        host.Listeners[0].SASL.EnableMechanism(new Symbol("MSSBCBS"), SaslProfile.Anonymous);
        host.RegisterRequestProcessor("$cbs", new Replies(PeerStep.Token, script, connections.Break, _ => null));
        host.RegisterLinkProcessor(new QueueLinks(queues, script, connections.Break));
        host.Open();
    }

    private string? Resolve(ContainerHost host, Attach attach)
    {
        var address = (attach.Role ? (attach.Source as Source)?.Address : (attach.Target as Target)?.Address)?.TrimStart('/');
        if (address is not null && address.EndsWith(Desk, StringComparison.Ordinal))
        {
            var name = address[..^Desk.Length];
            var isDead = name.EndsWith(DeadLetters, StringComparison.OrdinalIgnoreCase);
            if (_queues.Find(isDead ? name[..^DeadLetters.Length] : name) is { } queue && _desks.TryAdd(address, true))
            {
                host.RegisterRequestProcessor(address, new Replies(
                    PeerStep.Request, _script, _connections.Break, request => PeekReply.Of(isDead ? queue.DeadLetters : queue.Messages, (Map)request.Body)));
            }
        }

        return address;
    }
}
