using Azure.Messaging.ServiceBus;
using Headgate.LocalHost.Queue;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.LocalHost.Triggers;

/// <summary>Settles the message of one delivery. Settling one whose lock has been lost is an error, as it is in Service Bus.</summary>
internal sealed class LocalMessageActions(SqliteQueue queue, ReceivedMessage received) : ServiceBusMessageActions
{
    public override Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
        Settled(queue.Complete(received));

    public override Task AbandonMessageAsync(
        ServiceBusReceivedMessage message,
        IDictionary<string, object>? propertiesToModify = null,
        CancellationToken cancellationToken = default) => Settled(queue.Abandon(received));

    public override Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message,
        Dictionary<string, object>? propertiesToModify = null,
        string? deadLetterReason = null,
        string? deadLetterErrorDescription = null,
        CancellationToken cancellationToken = default) =>
        Settled(queue.DeadLetter(received, deadLetterReason ?? "", deadLetterErrorDescription));

    public override Task RenewMessageLockAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
        Settled(queue.Renew(received) is not null);

    private Task Settled(bool held) =>
        held ? Task.CompletedTask : Task.FromException(new InvalidOperationException($"The lock of message {received.MessageId} has been lost."));
}
