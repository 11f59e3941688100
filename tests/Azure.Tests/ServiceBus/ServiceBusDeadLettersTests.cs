using Azure.Messaging.ServiceBus;
using Headgate.Azure.ServiceBus;
using Headgate.Ports;
using Headgate.TestKit;

namespace Headgate.Azure.Tests.ServiceBus;

/// <summary>Dead letters are sent again one by one, and completed when the broker has the new message.</summary>
public sealed class ServiceBusDeadLettersTests
{
    private readonly List<string> _steps = [];
    private readonly List<ServiceBusReceivedMessage> _dead = [Letter("m1", 5), Letter("m2", 6), Letter("m3", 7)];

    [Fact]
    public async Task Resend_SomeOfThem_SendsEachBeforeItIsCompleted()
    {
        Assert.Equal(2, await Letters().ResendAsync("runs", 2));

        Assert.Equal(["runs/dead", "send m1~5 body of m1", "complete m1", "send m2~6 body of m2", "complete m2"], _steps);
    }

    [Fact]
    public async Task Resend_MoreThanThereAre_EndsWithTheLast() => Assert.Equal(3, await Letters().ResendAsync("runs", 100));

    [Fact]
    public async Task Resend_BrokerTakesNoMore_LeavesTheLetter()
    {
        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(async () => await Letters(failsAt: "m2~6").ResendAsync("runs", 3));

        Assert.Contains("'runs'", failure.Message, StringComparison.Ordinal);
        Assert.Equal(["m2", "m3"], _dead.Select(letter => letter.MessageId));
    }

    private ServiceBusDeadLetters Letters(string? failsAt = null) => new(new Client(this, failsAt), new ManualClock());

    private static ServiceBusReceivedMessage Letter(string id, long number) =>
        ServiceBusModelFactory.ServiceBusReceivedMessage(new BinaryData($"body of {id}"), id, sequenceNumber: number, lockTokenGuid: Guid.NewGuid());

    private sealed class Client(ServiceBusDeadLettersTests test, string? failsAt) : ServiceBusClient
    {
        public override ServiceBusReceiver CreateReceiver(string queueName, ServiceBusReceiverOptions options)
        {
            test._steps.Add($"{queueName}/{(options.SubQueue == SubQueue.DeadLetter ? "dead" : "alive")}");
            return new Receiver(test);
        }

        public override ServiceBusSender CreateSender(string queueOrTopicName) => new Sender(test, failsAt);
    }

    private sealed class Receiver(ServiceBusDeadLettersTests test) : ServiceBusReceiver
    {
        private int _given;

        public override Task<IReadOnlyList<ServiceBusReceivedMessage>> ReceiveMessagesAsync(int maxMessages, TimeSpan? maxWaitTime = null, CancellationToken cancellationToken = default)
        {
            // One at a time, as a broker may.
            IReadOnlyList<ServiceBusReceivedMessage> given = _given < 3 ? [Letter($"m{_given + 1}", _given + 5)] : [];
            _given++;
            return Task.FromResult(given);
        }

        public override Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default)
        {
            test._steps.Add($"complete {message.MessageId}");
            test._dead.RemoveAll(letter => letter.MessageId == message.MessageId);
            return Task.CompletedTask;
        }

        public override Task CloseAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;
    }

    private sealed class Sender(ServiceBusDeadLettersTests test, string? failsAt) : ServiceBusSender
    {
        public override Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default)
        {
            if (message.MessageId == failsAt)
                throw new ServiceBusException("away", ServiceBusFailureReason.ServiceCommunicationProblem);
            test._steps.Add($"send {message.MessageId} {message.Body}");
            return Task.CompletedTask;
        }

        public override Task CloseAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;
    }
}
