using Azure.Messaging.ServiceBus;
using Headgate.Ports;
using Headgate.ServiceBusPeer;

namespace Headgate.Azure.Tests.ServiceBus.Peer;

public sealed class SendTests : IAsyncLifetime
{
    private BusRig _rig = null!;

    public async Task InitializeAsync() => _rig = await BusRig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task Send_AMessage_ArrivesAsItIs()
    {
        var at = _rig.Clock.GetUtcNow().AddMinutes(5);

        await _rig.Sender.SendAsync(new OutgoingMessage("runs", "r:1", "{\"run\":\"é\"}"u8.ToArray(), "00-trace", at));

        var sent = Assert.Single(_rig.Runs.Messages).Sent;
        Assert.Equal(("r:1", "{\"run\":\"é\"}", "application/json", "00-trace", (DateTimeOffset?)at), (sent.Id, sent.Text, sent.ContentType, sent.Properties["Diagnostic-Id"], sent.ScheduledFor));
    }

    [Fact]
    public async Task Send_ManyAtOnce_TakesOneConnectionAndOneLink()
    {
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => _rig.SendAsync($"m{i}")));

        Assert.Equal((50, 1, 1), (_rig.Runs.Messages.Count, _rig.Peer.OpenConnections, _rig.Peer.Script.Times(PeerStep.Attach)));
    }

    [Fact]
    public async Task Batch_OfTheClient_IsSplitIntoMessages()
    {
        await using var sender = _rig.Client<ServiceBusClient>().CreateSender("runs");

        await sender.SendMessagesAsync([new("a") { MessageId = "m1" }, new("b") { MessageId = "m2" }, new("c") { MessageId = "m1" }]);

        Assert.Equal([("m1", "a"), ("m2", "b")], _rig.Runs.Messages.Select(message => (message.Sent.Id, message.Sent.Text)));
        Assert.Equal(1, _rig.Peer.Script.Times(PeerStep.Transfer));
    }

    [Theory]
    [InlineData("amqp:unauthorized-access", "UnauthorizedAccessException")]
    [InlineData("com.microsoft:auth-failed", "UnauthorizedAccessException")]
    [InlineData("amqp:resource-limit-exceeded", "QuotaExceeded")]
    [InlineData("amqp:not-found", "MessagingEntityNotFound")]
    [InlineData("com.microsoft:entity-disabled", "MessagingEntityDisabled")]
    [InlineData("com.microsoft:server-busy", "ServiceBusy")]
    [InlineData("com.microsoft:timeout", "ServiceTimeout")]
    [InlineData("amqp:internal-error", "GeneralError")]
    [InlineData("amqp:not-allowed", "InvalidOperationException")]
    public async Task Refusals_OfLinkOrMessage_AreOutagesThatSayWhy(string condition, string reason)
    {
        _rig.Peer.Script.Once(PeerStep.Attach, new PeerAnswer.Refused(condition));
        _rig.Peer.Script.Once(PeerStep.Transfer, new PeerAnswer.Refused(condition));

        var link = await _rig.SendFailsAsync("m1");
        await using var other = await BusRig.StartAsync();
        other.Peer.Script.Once(PeerStep.Transfer, new PeerAnswer.Refused(condition));
        var message = await other.SendFailsAsync("m1");

        Assert.All([link, message], failure => Assert.Contains($"({reason})", failure.Message, StringComparison.Ordinal));
        Assert.Equal(TimeSpan.FromSeconds(reason == "ServiceBusy" ? 10 : 5), message.RetryAfter);
        Assert.Empty(_rig.Runs.Messages);
    }

    [Fact]
    public async Task Send_ToAQueueThatIsNotThere_IsAnOutageThatNamesIt()
    {
        var failure = await _rig.SendFailsAsync("m1", "walks");

        Assert.Contains("'walks' could not be used (MessagingEntityNotFound)", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_TokenRefused_IsAnOutageUntilItIsTaken()
    {
        _rig.Peer.Script.Once(PeerStep.Token, new PeerAnswer.Refused("amqp:unauthorized-access"));

        var failure = await _rig.SendFailsAsync("m1");
        await _rig.SendAtLastAsync("m2");

        Assert.IsType<UnauthorizedAccessException>(failure.InnerException);
        Assert.Equal("m2", Assert.Single(_rig.Runs.Messages).Sent.Id);
    }

    [Fact]
    public async Task Send_MessageTooLarge_IsAnArgumentException()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => _rig.SendAsync("m1", bytes: BusPeer.MaxMessageBytes));

        Assert.Equal(0, _rig.Peer.Script.Times(PeerStep.Transfer));
    }
}
