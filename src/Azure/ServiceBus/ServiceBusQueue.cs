using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;
using Headgate.Ports;

namespace Headgate.Azure.ServiceBus;

/// <summary>
/// Sends to the queues of a namespace, with one sender a queue for the life of the process. Rows are the outbox, so a caller waits at most
/// a second. A slower send goes on in the background, and its message may arrive after maintenance has sent another one; starting a run
/// twice is harmless.
/// </summary>
public sealed class ServiceBusQueue(ServiceBusClient client, TimeProvider clock) : IQueueSender
{
    /// <summary>The property in which the Functions host and the SDKs carry the trace context.</summary>
    private const string TraceProperty = "Diagnostic-Id";

    /// <summary>With this many sends in the background, the broker counts as unavailable.</summary>
    private const int MostLate = 32;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, ServiceBusSender> _senders = new(StringComparer.Ordinal);
    private int _late;

    /// <exception cref="StoreUnavailableException">The broker can't be reached, refuses, or did not answer within a second.</exception>
    /// <exception cref="ArgumentException">The message is too large for the queue.</exception>
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
        // Its result no longer matters: the caller was told that it was not sent.
        await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Interlocked.Decrement(ref _late);
    }
}
