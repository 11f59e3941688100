using System.Net.Sockets;
using Azure.Identity;
using Azure.Messaging.ServiceBus;
using Headgate.Azure.ServiceBus;
using Headgate.Ports;
using Headgate.TestKit;

namespace Headgate.Azure.Tests.ServiceBus;

public sealed class ServiceBusQueueTests
{
    private static readonly OutgoingMessage Message = new("runs", "r:1", "{}"u8.ToArray(), "00-trace", DateTimeOffset.UnixEpoch);

    private readonly ManualClock _clock = new();

    public static TheoryData<Exception> Outages =>
    [
        new CredentialUnavailableException("nobody is signed in"), new AuthenticationFailedException("no token"), new UnauthorizedAccessException("no role yet"),
        new SocketException((int)SocketError.ConnectionRefused), new TimeoutException(), new ServiceBusException("gone", ServiceBusFailureReason.MessagingEntityNotFound),
    ];

    [Fact]
    public async Task Send_AMessage_CarriesIdBodyTraceAndTime()
    {
        var client = new FakeClient();

        await new ServiceBusQueue(client, _clock).SendAsync(Message);
        await new ServiceBusQueue(client, _clock).SendAsync(Message with { TraceParent = null, ScheduledFor = null });

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

        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => new ServiceBusQueue(client, _clock).SendAsync(Message).AsTask());

        Assert.Equal(TimeSpan.FromSeconds(10), failure.RetryAfter);
        Assert.Same(client.Sender.Failure, failure.InnerException);
    }

    [Theory]
    [MemberData(nameof(Outages))]
    public async Task Send_BrokerOrIdentityAway_IsUnavailable(Exception outage)
    {
        var client = new FakeClient { Sender = { Failure = outage } };

        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => new ServiceBusQueue(client, _clock).SendAsync(Message).AsTask());

        Assert.Same(outage, failure.InnerException);
    }

    [Fact]
    public async Task Send_BrokerSilent_IsUnavailableAndTheMessageMayStillArrive()
    {
        var client = new FakeClient { Sender = { Answer = new() } };
        var sending = new ServiceBusQueue(client, _clock).SendAsync(Message).AsTask();
        _clock.Advance(TimeSpan.FromSeconds(1) - TimeSpan.FromTicks(1));
        Assert.False(sending.IsCompleted);

        _clock.Advance(TimeSpan.FromTicks(1));

        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => sending);
        Assert.Contains("no answer in time", failure.Message, StringComparison.Ordinal);
        Assert.False(client.Sender.Cancellation.CanBeCanceled);
    }

    [Fact]
    public async Task Send_BrokerSilentForMany_FailsAtOnceUntilOneIsAnswered()
    {
        var client = new FakeClient { Sender = { Answer = new() } };
        var queue = new ServiceBusQueue(client, _clock);
        var late = Enumerable.Range(0, 32).Select(_ => queue.SendAsync(Message).AsTask()).ToList();
        _clock.Advance(TimeSpan.FromSeconds(1));
        foreach (var sending in late)
            await Assert.ThrowsAsync<StoreUnavailableException>(() => sending);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => queue.SendAsync(Message).AsTask());
        Assert.Equal(32, client.Sender.Sent.Count);
        // Without a synchronization context, continuations of the answers run before this returns.
        await Task.Run(client.Sender.Answer.SetResult);
        await queue.SendAsync(Message);

        Assert.Equal(33, client.Sender.Sent.Count);
    }

    [Fact]
    public async Task Send_CancelledByTheCaller_IsNotAnOutage()
    {
        var client = new FakeClient { Sender = { Answer = new() } };
        using var cancelled = new CancellationTokenSource();
        var sending = new ServiceBusQueue(client, _clock).SendAsync(Message, cancelled.Token).AsTask();

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
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

        public Exception? Failure { get; set; }

        /// <summary>When the broker answers; null for at once.</summary>
        public TaskCompletionSource? Answer { get; set; }

        public CancellationToken Cancellation { get; private set; }

        public override Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default)
        {
            lock (Sent)
                Sent.Add(message);
            Cancellation = cancellationToken;
            return Failure is null ? Answer?.Task ?? Task.CompletedTask : Task.FromException(Failure);
        }
    }
}
