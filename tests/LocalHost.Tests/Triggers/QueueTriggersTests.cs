using System.Threading.Channels;
using Azure.Messaging.ServiceBus;
using Headgate.Core.Validation;
using Headgate.Functions.Ports;
using Headgate.LocalHost.Discovery;
using Headgate.LocalHost.Invocation;
using Headgate.LocalHost.Options;
using Headgate.LocalHost.Sqlite;
using Headgate.LocalHost.Triggers;
using Headgate.TestKit;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.LocalHost.Tests.Triggers;

public sealed class QueueTriggersTests
{
    private const string TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData("good", 1)]
    [InlineData("thrown", 3)]
    [InlineData("left", 3)]
    [InlineData("settled", 1)]
    public async Task Receive_FunctionsOutcome_DecidesTheMessagesFate(string queue, int deliveries)
    {
        using var folder = new TempFolder();
        await using var storage = LocalStorage.Open(folder.Path, TimeProvider.System, _ => { }, DiskSync.Off, new() { MaxDeliveryCount = 3 });
        var seen = Channel.CreateUnbounded<(ServiceBusReceivedMessage Message, string Trace)>();
        var runner = new FunctionRunner(
            new FunctionPipeline(new ServiceCollection()).Build(), new ServiceCollection().AddSingleton(seen.Writer).BuildServiceProvider());
        var catalog = FunctionCatalog.Discover([typeof(QueueFunctions)], new ConfigurationManager(), new Problems());
        var pumps = new QueueTriggers(storage.Queue, runner).Start(catalog, new HostJson(), TimeProvider.System, NullLoggerFactory.Instance);

        await storage.Queue.SendAsync(new OutgoingMessage(queue, "m1", "{}"u8.ToArray(), TraceParent));
        for (var delivery = 1; delivery <= deliveries; delivery++)
        {
            var (message, trace) = await seen.Reader.ReadAsync().AsTask().WaitAsync(s_patience);
            Assert.Equal(("m1", "{}", delivery), (message.MessageId, message.Body.ToString(), message.DeliveryCount));
            Assert.Contains("0af7651916cd43dd8448eb211c80319c", trace, StringComparison.Ordinal);
        }

        await Task.WhenAll(pumps.Select(pump => pump.StopAsync(CancellationToken.None)));
        Assert.Equal((0, deliveries == 1 ? 0 : 1), await DepthAsync(storage, queue));
    }

    private static async Task<(long Active, long DeadLettered)> DepthAsync(LocalStorage storage, string queue)
    {
        var depth = await storage.Queue.GetAsync(queue);
        return (depth.Active, depth.DeadLettered);
    }
}

public sealed class QueueFunctions(ChannelWriter<(ServiceBusReceivedMessage Message, string Trace)> seen)
{
    [Function("Good")]
    public void Good([ServiceBusTrigger("good")] ServiceBusReceivedMessage message, FunctionContext context) => See(message, context);

    [Function("Thrown")]
    public void Thrown([ServiceBusTrigger("thrown")] ServiceBusReceivedMessage message, FunctionContext context)
    {
        See(message, context);
        throw new InvalidOperationException("a bug");
    }

    [Function("Left")]
    public void Left([ServiceBusTrigger("left", AutoCompleteMessages = false)] ServiceBusReceivedMessage message, FunctionContext context) =>
        See(message, context);

    [Function("Settled")]
    public async Task Settled(
        [ServiceBusTrigger("settled", AutoCompleteMessages = false)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        FunctionContext context)
    {
        await actions.RenewMessageLockAsync(message);
        await actions.CompleteMessageAsync(message);
        See(message, context);
    }

    private void See(ServiceBusReceivedMessage message, FunctionContext context) =>
        seen.TryWrite((message, context.TraceContext.TraceParent));
}
