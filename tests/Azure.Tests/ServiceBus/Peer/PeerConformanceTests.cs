using Headgate.Conformance.Queues;
using Headgate.Ports;
using Headgate.ServiceBusPeer.Queues;

namespace Headgate.Azure.Tests.ServiceBus.Peer;

/// <summary>
/// The queue suite, sending and measuring through the real clients. In Azure the Functions host receives; here the peer itself does, so
/// those cases test the peer.
/// </summary>
public sealed class PeerConformanceTests : QueueConformance, IAsyncLifetime
{
    private BusRig _rig = null!;

    protected override IQueueSender Sender => _rig.Sender;

    protected override IQueueMetrics Metrics => _rig.Metrics;

    protected override DateTimeOffset Now => _rig.Clock.GetUtcNow();

    public async Task InitializeAsync()
    {
        _rig = await BusRig.StartAsync();
        _ = (_rig.Peer.Queues["other"], _rig.Peer.Queues["unheard-of"]);
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    protected override Task Advance(TimeSpan by)
    {
        _rig.Clock.Advance(by);
        return Task.CompletedTask;
    }

    protected override Task<Delivery?> Receive() => Task.FromResult(_rig.Runs.Receive() is { } message
        ? new Delivery(message.Sent.Id, message.Sent.Text, message.Sent.Properties.GetValueOrDefault("Diagnostic-Id") as string, message.Deliveries, message)
        : null);

    protected override Task<bool> Complete(Delivery delivery) => Task.FromResult(_rig.Runs.Complete(Hold(delivery)));

    protected override Task<bool> Abandon(Delivery delivery) => Task.FromResult(_rig.Runs.Abandon(Hold(delivery)));

    protected override Task<bool> DeadLetter(Delivery delivery, string reason, string description) =>
        Task.FromResult(_rig.Runs.DeadLetter(Hold(delivery), reason));

    protected override Task<bool> Renew(Delivery delivery) => Task.FromResult(_rig.Runs.Renew(Hold(delivery)));

    protected override IQueueDeadLetters Letters => _rig.Client<IQueueDeadLetters>();

    private static Guid Hold(Delivery delivery) => ((QueuedMessage)delivery.Handle).Lock!.Value;
}
