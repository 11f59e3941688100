using Azure.Messaging.ServiceBus;
using Headgate.Ports;

namespace Headgate.Azure.ServiceBus;

/// <summary>
/// The dead-letter sub-queue of a queue. The broker has no step that moves a message: each is locked, sent as a new one, and completed once the broker has that.
/// What breaks between leaves both.
/// </summary>
public sealed class ServiceBusDeadLetters(ServiceBusClient client, TimeProvider clock) : IQueueDeadLetters
{
    private static readonly ServiceBusReceiverOptions s_options = new() { SubQueue = SubQueue.DeadLetter };

    /// <summary>How long the broker may take to find something.</summary>
    private static readonly TimeSpan s_longestLook = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_patienceToResend = TimeSpan.FromSeconds(20);

    /// <exception cref="StoreUnavailableException">The broker can't be reached, refuses, or did not answer within five seconds.</exception>
    public async ValueTask<IReadOnlyList<QueueDeadLetter>> ReadAsync(string queue, long after, int most, CancellationToken cancellationToken = default) =>
        await QueueFailures.GuardAsync(queue, s_patience, clock, token => PeekAsync(queue, after, most, token), cancellationToken);

    /// <exception cref="StoreUnavailableException">The broker can't be reached, refuses, or did not answer within twenty seconds; some may be sent.</exception>
    public async ValueTask<int> ResendAsync(string queue, int most, CancellationToken cancellationToken = default) =>
        await QueueFailures.GuardAsync(queue, s_patienceToResend, clock, token => MoveAsync(queue, most, token), cancellationToken);

    private async Task<IReadOnlyList<QueueDeadLetter>> PeekAsync(string queue, long after, int most, CancellationToken cancellationToken)
    {
        await using var receiver = client.CreateReceiver(queue, s_options);
        var letters = new List<QueueDeadLetter>(most);
        // The broker may answer with fewer than it has.
        while (letters.Count < most && await receiver.PeekMessagesAsync(most - letters.Count, after + 1, cancellationToken) is { Count: > 0 } seen)
        {
            letters.AddRange(seen.Select(Letter));
            after = seen[^1].SequenceNumber;
        }

        return letters;
    }

    private async Task<int> MoveAsync(string queue, int most, CancellationToken cancellationToken)
    {
        await using var receiver = client.CreateReceiver(queue, s_options);
        await using var sender = client.CreateSender(queue);
        var moved = 0;
        while (moved < most && await receiver.ReceiveMessagesAsync(most - moved, s_longestLook, cancellationToken) is { Count: > 0 } letters)
        {
            foreach (var letter in letters)
            {
                var again = new ServiceBusMessage(letter.Body) { MessageId = ResentId.Of(letter.MessageId, letter.SequenceNumber), ContentType = letter.ContentType };
                await sender.SendMessageAsync(again, cancellationToken);
                await receiver.CompleteMessageAsync(letter, cancellationToken);
                moved++;
            }
        }

        return moved;
    }

    private static QueueDeadLetter Letter(ServiceBusReceivedMessage message) => new(
        message.SequenceNumber,
        message.MessageId,
        message.Body.ToMemory(),
        message.EnqueuedTime,
        message.DeliveryCount,
        message.DeadLetterReason ?? "",
        string.IsNullOrEmpty(message.DeadLetterErrorDescription) ? null : message.DeadLetterErrorDescription);
}
