using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Headgate.ServiceBusPeer.Queues;
using Headgate.ServiceBusPeer.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Headgate.ServiceBusPeer;

/// <summary>
/// A Service Bus namespace in the test's own process: AMQP 1.0 and the counts of queues over HTTP, told apart by their first bytes, on one
/// port of 127.0.0.1 that stays its own while it is stopped. It takes messages, shows them, and counts them; a test receives from
/// <see cref="Queues"/> itself.
/// </summary>
public sealed class BusPeer : IAsyncDisposable
{
    /// <summary>What the service's standard tier takes, and the most this one does.</summary>
    public const int MaxMessageBytes = 256 * 1024;

    private readonly Socket _port = Bound(0);
    private readonly X509Certificate2? _certificate;
    private readonly Connections _connections;
    private readonly CountsPage _counts;
    private WebApplication? _app;

    private BusPeer(TimeProvider clock, X509Certificate2? certificate)
    {
        _certificate = certificate;
        var transports = new Transports();
        Queues = new BusQueues(clock);
        _connections = new Connections(Script, transports);
        _counts = new CountsPage(Queues, Script);
        _ = new Container(Queues, Script, _connections, transports);
    }

    public BusQueues Queues { get; }

    public PeerScript Script { get; } = new();

    public int Port => ((IPEndPoint)_port.LocalEndPoint!).Port;

    /// <summary>AMQP connections that are open.</summary>
    public int OpenConnections => _connections.Count;

    /// <summary>For a client that is to speak plain AMQP and HTTP.</summary>
    public string ConnectionString => $"Endpoint=sb://127.0.0.1:{Port};SharedAccessKeyName=all;SharedAccessKey=c2VjcmV0;UseDevelopmentEmulator=true";

    /// <param name="clock">The broker's time.</param>
    /// <param name="certificate">With one, only TLS is spoken.</param>
    public static async Task<BusPeer> StartAsync(TimeProvider clock, X509Certificate2? certificate = null)
    {
        var peer = new BusPeer(clock, certificate);
        await peer.ListenAsync();
        return peer;
    }

    /// <summary>Also again, on the same port, after <see cref="LeaveAsync"/>; queues and messages are still there.</summary>
    public async Task ListenAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<SocketTransportOptions>(options => options.CreateBoundListenSocket = _ => Bound(Port));
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, Port, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            if (_certificate is not null)
                listen.UseHttps(_certificate);
            listen.Use(http => connection => _connections.AcceptAsync(connection, http));
        }));
        _app = builder.Build();
        _app.MapGet("/{queue}", _counts.AnswerAsync);
        await _app.StartAsync();
    }

    /// <summary>Breaks every connection; new ones are refused.</summary>
    public async Task LeaveAsync()
    {
        BreakConnections();
        if (_app is not null)
            await _app.DisposeAsync();
        _app = null;
    }

    public void BreakConnections() => _connections.BreakAll();

    public async ValueTask DisposeAsync()
    {
        await LeaveAsync();
        _port.Dispose();
    }

    /// <summary>Several sockets may be bound to the port, of which one listens: so it can be held without listening.</summary>
    private static Socket Bound(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        return socket;
    }
}
