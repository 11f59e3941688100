using Azure.Messaging.ServiceBus;
using Headgate.Functions.Azure.ServiceBus;
using Headgate.Functions.Ports;

namespace Headgate.Azure.Tests.ServiceBus;

public sealed class ServiceBusQueueTests
{
    private static readonly OutgoingMessage Message = new("runs", "r:1", "{}"u8.ToArray(), "00-trace", DateTimeOffset.UnixEpoch);

    [Fact]
    public async Task Send_AMessage_CarriesIdBodyTraceAndTime()
    {
        var client = new FakeClient();

        await new ServiceBusQueue(client).SendAsync(Message);
        await new ServiceBusQueue(client).SendAsync(Message with { TraceParent = null, ScheduledFor = null });

        var sent = client.Sender.Sent[0];
        Assert.Equal(("runs", "r:1", "{}", "application/json"), (client.Queue, sent.MessageId, sent.Body.ToString(), sent.ContentType));
        Assert.Equal("00-trace", sent.ApplicationProperties["Diagnostic-Id"]);
        Assert.Equal(DateTimeOffset.UnixEpoch, sent.ScheduledEnqueueTime);
        Assert.Empty(client.Sender.Sent[1].ApplicationProperties);
        Assert.Equal(default, client.Sender.Sent[1].ScheduledEnqueueTime);
    }

    [Fact]
    public async Task Send_BrokerBusy_IsUnavailableAndSaysWhenToComeBack()
    {
        var client = new FakeClient { Sender = { Failure = new ServiceBusException("busy", ServiceBusFailureReason.ServiceBusy) } };

        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => new ServiceBusQueue(client).SendAsync(Message).AsTask());

        Assert.Equal(TimeSpan.FromSeconds(10), failure.RetryAfter);
        Assert.Same(client.Sender.Failure, failure.InnerException);
    }

    private sealed class FakeClient : ServiceBusClient
    {
        public FakeSender Sender { get; } = new();

        public string? Queue { get; private set; }

        public override ServiceBusSender CreateSender(string queueOrTopicName)
        {
            Queue = queueOrTopicName;
            return Sender;
        }
    }

    private sealed class FakeSender : ServiceBusSender
    {
        public List<ServiceBusMessage> Sent { get; } = [];

        public ServiceBusException? Failure { get; set; }

        public override Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default)
        {
            Sent.Add(message);
            return Failure is null ? Task.CompletedTask : Task.FromException(Failure);
        }
    }
}
