using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;
using Headgate.Ports;

namespace Headgate.Azure.ServiceBus;

/// <summary>
/// Sends to the queues of a namespace, one sender a queue for the life of the process. Nobody waits long for a send: the rows are the outbox. A
/// send that takes longer goes on by itself, and its message may still arrive after another has been sent from the row, which starts nothing twice.
/// </summary>
public sealed class ServiceBusQueue(ServiceBusClient client, TimeProvider clock) : IQueueSender
{
    /// <summary>The property under which the Functions host and the SDKs carry the sender's trace.</summary>
    private const string TraceProperty = "Diagnostic-Id";

    /// <summary>So many sends that nobody waits for any more show that the broker is away.</summary>
    private const int MostLate = 32;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, ServiceBusSender> _senders = new(StringComparer.Ordinal);
    private int _late;

    /// <exception cref="StoreUnavailableException">The broker can't be reached, refuses, or has not answered within a second.</exception>
    /// <exception cref="ArgumentException">The message is larger than the queue takes.</exception>
    public async ValueTask SendAsync(OutgoingMessage message, CancellationToken cancellationToken = default)
    {
        if (Volatile.Read(ref _late) >= MostLate)
            throw new StoreUnavailableException($"The queue '{message.Queue}' has not answered for {MostLate} messages.");
        var sending = _senders.GetOrAdd(message.Queue, client.CreateSender).SendMessageAsync(Outgoing(message), CancellationToken.None);
        try
        {
            await sending.WaitAsync(s_patience, clock, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && QueueFailures.Translate(message.Queue, failure) is not null)
        {
            throw QueueFailures.Translate(message.Queue, failure)!;
        }
        finally
        {
            if (!sending.IsCompleted)
                _ = CountWhileLateAsync(sending);
        }
    }

    private static ServiceBusMessage Outgoing(OutgoingMessage message)
    {
        var outgoing = new ServiceBusMessage(message.Body) { MessageId = message.MessageId, ContentType = "application/json" };
        if (message.TraceParent is not null)
            outgoing.ApplicationProperties[TraceProperty] = message.TraceParent;
        if (message.ScheduledFor is { } at)
            outgoing.ScheduledEnqueueTime = at;
        return outgoing;
    }

    private async Task CountWhileLateAsync(Task sending)
    {
        Interlocked.Increment(ref _late);
        // What became of it makes no difference any more: the row has been told that it was not sent.
        await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Interlocked.Decrement(ref _late);
    }
}
