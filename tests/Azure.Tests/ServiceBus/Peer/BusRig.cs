using Headgate.Azure;
using Headgate.Functions;
using Headgate.Ports;
using Headgate.ServiceBusPeer;
using Headgate.ServiceBusPeer.Queues;
using Headgate.TestKit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.Azure.Tests.ServiceBus.Peer;

/// <summary>The queue's ports as the app registers them, with the real clients, on a Service Bus peer.</summary>
public sealed class BusRig : IAsyncDisposable
{
    private readonly ServiceProvider _provider;

    private BusRig(BusPeer peer, ManualClock clock)
    {
        Peer = peer;
        Clock = clock;
        _ = Runs;
        var settings = new Dictionary<string, string?> { ["Tables"] = "UseDevelopmentStorage=true", ["ServiceBus"] = peer.ConnectionString };
        _provider = new ServiceCollection()
            .AddSingleton<TimeProvider>(clock)
            .AddAzureBackend(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .BuildServiceProvider();
    }

    public BusPeer Peer { get; }

    /// <summary>The clock of broker and app.</summary>
    public ManualClock Clock { get; }

    public BusQueue Runs => Peer.Queues["runs"];

    public IQueueSender Sender => _provider.GetRequiredService<IQueueSender>();

    public IQueueMetrics Metrics => _provider.GetRequiredService<IQueueMetrics>();

    public T Client<T>()
        where T : notnull => _provider.GetRequiredService<T>();

    public static async Task<BusRig> StartAsync()
    {
        var clock = new ManualClock();
        return new BusRig(await BusPeer.StartAsync(clock), clock);
    }

    public async Task SendAsync(string id, string queue = "runs", int bytes = 2) => await Sender.SendAsync(new OutgoingMessage(queue, id, new byte[bytes]));

    /// <summary>Sends; once the peer has reached the step, moves the clock past the sender's patience.</summary>
    public async Task<StoreUnavailableException> SendLateAsync(string id, PeerStep step)
    {
        var before = Peer.Script.Times(step);
        var sending = SendAsync(id);
        await Peer.Script.ReachedAsync(step, before + 1);
        Clock.Advance(TimeSpan.FromSeconds(1));
        return await Assert.ThrowsAsync<StoreUnavailableException>(() => sending);
    }

    public Task<StoreUnavailableException> SendFailsAsync(string id, string queue = "runs") =>
        Assert.ThrowsAsync<StoreUnavailableException>(() => SendAsync(id, queue));

    /// <summary>Sends until it succeeds: after an outage a client may need one try to notice that its connection is gone.</summary>
    public async Task SendAtLastAsync(string id)
    {
        for (var left = 5; ; left--)
        {
            try
            {
                await SendAsync(id);
                return;
            }
            catch (StoreUnavailableException) when (left > 0)
            {
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _provider.DisposeAsync();
        await Peer.DisposeAsync();
    }
}
