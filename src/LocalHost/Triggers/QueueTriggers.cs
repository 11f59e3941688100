using Azure.Messaging.ServiceBus;
using Headgate.LocalHost.Discovery;
using Headgate.LocalHost.Invocation;
using Headgate.LocalHost.Options;
using Headgate.LocalHost.Queue;
using Microsoft.Extensions.Logging;

namespace Headgate.LocalHost.Triggers;

/// <summary>Delivers the messages of the queues to the functions that they trigger.</summary>
internal sealed class QueueTriggers(SqliteQueue queue, FunctionRunner runner)
{
    /// <returns>The pumps, running.</returns>
    public IReadOnlyList<QueuePump> Start(FunctionCatalog catalog, HostJson hostJson, TimeProvider time, ILoggerFactory loggers)
    {
        var options = new PumpOptions(hostJson.MaxConcurrentCalls) { MaxLockRenewal = hostJson.MaxAutoLockRenewal };
        var logger = loggers.CreateLogger<QueuePump>();
        return
        [
            .. from entry in catalog.Functions
               let trigger = entry.Trigger as Trigger.Queue
               where trigger is not null
               select new QueuePump(
                   queue, trigger.Name, options, (message, cancellation) => HandleAsync(entry, trigger, message, cancellation), time, logger),
        ];
    }

    private async Task HandleAsync(FunctionEntry entry, Trigger.Queue trigger, ReceivedMessage received, CancellationToken cancellation)
    {
        using var trace = TraceStart.Begin("message", received.TraceParent);
        await runner.RunAsync(entry, Message(received), new LocalMessageActions(queue, received), cancellation);

        // The pump completes what is left; a message that its function should have settled and did not goes back.
        if (!trigger.AutoComplete)
            queue.Abandon(received);
    }

    private static ServiceBusReceivedMessage Message(ReceivedMessage received) => ServiceBusModelFactory.ServiceBusReceivedMessage(
        body: BinaryData.FromBytes(received.Body),
        messageId: received.MessageId,
        contentType: "application/json",
        scheduledEnqueueTime: received.ScheduledFor ?? default,
        properties: Properties(received.TraceParent),
        lockTokenGuid: received.LockToken,
        deliveryCount: received.DeliveryCount,
        lockedUntil: received.LockedUntil,
        sequenceNumber: received.SequenceNumber,
        enqueuedTime: received.EnqueuedAt);

    /// <summary>The trace travels as Service Bus carries it.</summary>
    private static SortedList<string, object>? Properties(string? traceParent) =>
        traceParent is null ? null : new(1, StringComparer.Ordinal) { ["Diagnostic-Id"] = traceParent };
}
