using System.Text;
using Headgate.Functions.Telemetry;
using Headgate.LocalHost.Discovery;
using Headgate.LocalHost.Invocation;
using Headgate.LocalHost.Options;
using Headgate.Storage.Queue;
using Microsoft.Extensions.Logging;

namespace Headgate.LocalHost.Triggers;

/// <summary>Delivers the messages of the queues to the functions that they trigger. A pump completes a message when its function has returned.</summary>
internal sealed partial class QueueTriggers(SqliteQueue queue, FunctionRunner runner)
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
               select new QueuePump(queue, trigger.Name, options, (message, cancellation) => HandleAsync(entry, message, cancellation), Failed, time),
        ];

        void Failed(ReceivedMessage message, Exception problem) => LogFailed(logger, problem, message.MessageId, message.Queue, message.DeliveryCount);
    }

    private async Task HandleAsync(FunctionEntry entry, ReceivedMessage received, CancellationToken cancellation)
    {
        using var trace = Tracing.BeginProcess(received.Queue, received.MessageId, received.TraceParent) ?? TraceStart.Begin("message", received.TraceParent);
        await runner.RunAsync(entry, Encoding.UTF8.GetString(received.Body.Span), cancellation);
    }

    [LoggerMessage(EventId = 4001, Level = LogLevel.Warning, Message = "Message {MessageId} of queue {Queue} failed at delivery {Delivery} and goes back in line")]
    private static partial void LogFailed(ILogger logger, Exception problem, string messageId, string queue, int delivery);
}
