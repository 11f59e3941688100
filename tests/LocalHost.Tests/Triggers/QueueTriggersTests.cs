using System.Threading.Channels;
using Headgate.Core.Validation;
using Headgate.LocalHost.Discovery;
using Headgate.LocalHost.Invocation;
using Headgate.LocalHost.Options;
using Headgate.LocalHost.Triggers;
using Headgate.Ports;
using Headgate.Storage;
using Headgate.Storage.Sqlite;
using Headgate.TestKit;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.LocalHost.Tests.Triggers;

public sealed class QueueTriggersTests
{
    private const string TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    [Theory]
    [InlineData("good", 1)]
    [InlineData("thrown", 3)]
    public async Task Receive_FunctionsOutcome_DecidesTheMessagesFate(string queue, int deliveries)
    {
        using var folder = new TempFolder();
        await using var storage = EmbeddedStore.Open(folder.Path, TimeProvider.System, _ => { }, DiskSync.Off, new() { MaxDeliveryCount = 3 });
        var seen = Channel.CreateUnbounded<(string Message, string Trace)>();
        var runner = new FunctionRunner(
            new FunctionPipeline(new ServiceCollection()).Build(), new ServiceCollection().AddSingleton(seen.Writer).BuildServiceProvider());
        var catalog = FunctionCatalog.Discover([typeof(QueueFunctions)], new ConfigurationManager(), new Problems());
        var pumps = new QueueTriggers(storage.Queue, runner).Start(catalog, new HostJson(), TimeProvider.System, NullLoggerFactory.Instance);

        await storage.Queue.SendAsync(new OutgoingMessage(queue, "m1", """{"of":"ü"}"""u8.ToArray(), TraceParent));
        for (var delivery = 1; delivery <= deliveries; delivery++)
        {
            var (message, trace) = await seen.Reader.ReadAsync().AsTask().WaitAsync(Patience.Limit);
            Assert.Equal("{\"of\":\"ü\"}", message);
            Assert.Contains("0af7651916cd43dd8448eb211c80319c", trace, StringComparison.Ordinal);
        }

        await Task.WhenAll(pumps.Select(pump => pump.StopAsync(CancellationToken.None)));
        Assert.Equal((0, deliveries == 1 ? 0 : 1), await DepthAsync(storage, queue));
    }

    private static async Task<(long Active, long DeadLettered)> DepthAsync(EmbeddedStore storage, string queue)
    {
        var depth = await storage.Queue.GetAsync(queue);
        return (depth.Active, depth.DeadLettered);
    }
}

public sealed class QueueFunctions(ChannelWriter<(string Message, string Trace)> seen)
{
    [Function("Good")]
    public void Good([ServiceBusTrigger("good")] string message, FunctionContext context) => See(message, context);

    [Function("Thrown")]
    public void Thrown([ServiceBusTrigger("thrown")] string message, FunctionContext context)
    {
        See(message, context);
        throw new InvalidOperationException("a bug");
    }

    private void See(string message, FunctionContext context) =>
        seen.TryWrite((message, context.TraceContext.TraceParent));
}
