using Azure.Messaging.ServiceBus;
using Headgate.Ports;
using Headgate.ServiceBusPeer;

namespace Headgate.Azure.Tests.ServiceBus.Peer;

public sealed class MeasureTests : IAsyncLifetime
{
    private BusRig _rig = null!;

    public async Task InitializeAsync() => _rig = await BusRig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task Get_TwiceInARow_PeeksFromTheFirstMessageAgain()
    {
        await _rig.SendAsync("m1");
        _rig.Clock.Advance(TimeSpan.FromSeconds(7));
        await _rig.SendAsync("m2");

        var first = await _rig.Metrics.GetAsync("runs");

        Assert.Equal(new QueueDepth(2, 0, 0, TimeSpan.FromSeconds(7)), first);
        Assert.Equal(first, await _rig.Metrics.GetAsync("runs"));
    }

    [Fact]
    public async Task Get_NothingThatWaits_DoesNotPeek()
    {
        await _rig.Sender.SendAsync(new OutgoingMessage("runs", "later", "{}"u8.ToArray(), null, _rig.Clock.GetUtcNow().AddHours(1)));

        Assert.Equal(new QueueDepth(0, 1, 0, TimeSpan.Zero), await _rig.Metrics.GetAsync("runs"));
        Assert.Equal(0, _rig.Peer.Script.Times(PeerStep.Request));
    }

    [Theory]
    [InlineData("401", typeof(UnauthorizedAccessException))]
    [InlineData("403", typeof(ServiceBusException))]
    [InlineData("404", typeof(ServiceBusException))]
    [InlineData("500", typeof(ServiceBusException))]
    [InlineData("503", typeof(ServiceBusException))]
    public async Task Get_CountsRefused_IsAnOutageOfTheQueue(string status, Type cause)
    {
        _rig.Peer.Script.Always(PeerStep.Counts, new PeerAnswer.Refused(status));

        var failure = await FailAsync();

        Assert.IsType(cause, failure.InnerException);
        Assert.Contains("'runs'", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<entry")]
    [InlineData("{\"counts\":1}")]
    [InlineData("<entry xmlns=\"http://www.w3.org/2005/Atom\"><title>runs</title></entry>")]
    [InlineData("<feed xmlns=\"http://www.w3.org/2005/Atom\"/>")]
    public async Task Get_CountsUnreadable_IsAnOutageOfTheQueue(string body)
    {
        _rig.Peer.Script.Once(PeerStep.Counts, new PeerAnswer.Garbled(body));

        await FailAsync();
    }

    [Fact]
    public async Task Get_CountsNeverAnswered_IsNotWaitedFor()
    {
        _rig.Peer.Script.Always(PeerStep.Counts, new PeerAnswer.Silent());

        Assert.Contains("no answer in time", (await FailLateAsync(PeerStep.Counts)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("amqp:unauthorized-access")]
    [InlineData("com.microsoft:server-busy")]
    [InlineData("amqp:internal-error")]
    [InlineData("amqp:not-allowed")]
    public async Task Get_PeekRefused_IsAnOutageOfTheQueue(string condition)
    {
        await _rig.SendAsync("m1");
        _rig.Peer.Script.Once(PeerStep.Request, new PeerAnswer.Refused(condition));

        await FailAsync();

        Assert.Equal(1, _rig.Peer.Script.Times(PeerStep.Request));
    }

    [Fact]
    public async Task Get_PeekNeverAnswered_IsNotWaitedFor()
    {
        await _rig.SendAsync("m1");
        _rig.Peer.Script.Once(PeerStep.Request, new PeerAnswer.Silent());

        Assert.Contains("no answer in time", (await FailLateAsync(PeerStep.Request)).Message, StringComparison.Ordinal);
        Assert.Equal(1, (await _rig.Metrics.GetAsync("runs")).Active);
    }

    [Fact]
    public async Task Get_QueueThatIsNotThere_IsAnOutageThatNamesIt() =>
        Assert.Contains("'walks' could not be used (MessagingEntityNotFound)", (await FailAsync("walks")).Message, StringComparison.Ordinal);

    private async Task<StoreUnavailableException> FailLateAsync(PeerStep step)
    {
        var measuring = _rig.Metrics.GetAsync("runs").AsTask();
        await _rig.Peer.Script.ReachedAsync(step);
        _rig.Clock.Advance(TimeSpan.FromSeconds(2));
        return await Assert.ThrowsAsync<StoreUnavailableException>(() => measuring);
    }

    private Task<StoreUnavailableException> FailAsync(string queue = "runs") =>
        Assert.ThrowsAsync<StoreUnavailableException>(() => _rig.Metrics.GetAsync(queue).AsTask());
}
