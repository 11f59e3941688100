using System.Reflection;
using Headgate.Core.Validation;
using Headgate.LocalHost.Discovery;
using Headgate.LocalHost.Invocation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Headgate.LocalHost.Tests.Discovery;

public sealed class FunctionBodyTests
{
    private readonly IServiceProvider _services = new ServiceCollection().AddSingleton(new Greeting("Hello")).BuildServiceProvider();
    private readonly FunctionCatalog _catalog = FunctionCatalog.Discover(
        [typeof(SampleFunctions)],
        new ConfigurationBuilder().AddInMemoryCollection([new("QueueName", "runs")]).Build(),
        new Problems());

    [Fact]
    public async Task Body_HttpFunction_BindsRequestRouteContextAndToken()
    {
        using var aborted = new CancellationTokenSource();
        var http = new DefaultHttpContext();
        http.Request.Method = "GET";
        http.Request.RouteValues["name"] = "Ada";

        var result = await RunAsync("Greet", http, aborted.Token);

        Assert.Equal("Hello Ada GET Greet True", Assert.IsType<ContentResult>(result).Content);
    }

    [Fact]
    public async Task Body_TimerFunction_ReceivesItsTimer()
    {
        var timer = new TimerInfo();

        Assert.Null(await RunAsync("Tick", timer));

        Assert.True(timer.IsPastDue);
    }

    [Fact]
    public void Of_TriggerParameterFromAnotherLookAtTheMethod_IsBound()
    {
        var problems = new Problems();
        var method = typeof(SampleFunctions).GetMethod(nameof(SampleFunctions.Double))!;

        Assert.NotNull(FunctionCalls.Of("Double", method, new Trigger.Activity("Double"), new Look(method.GetParameters()[0]), problems));
        Assert.Empty(problems.Items);
    }

    [Fact]
    public async Task Body_StaticOrchestrator_ReturnsAwaitedResult() => Assert.Equal("no context", await RunAsync("Order", data: null));

    [Fact]
    public async Task Body_QueueFunction_ReceivesTheMessagesBody() => Assert.Equal("a body", await RunAsync("Receive", "a body"));

    [Fact]
    public async Task Pipeline_SeveralMiddleware_RunInOrderOfAdding()
    {
        var order = new List<string>();
        var pipeline = new FunctionPipeline(new ServiceCollection());
        pipeline.Use(next => async context =>
        {
            order.Add("outer");
            await next(context);
            order.Add($"outer after {((LocalFunctionContext)context).Result}");
        });
        pipeline.Use(next => context =>
        {
            order.Add("inner");
            return next(context);
        });

        await new FunctionRunner(pipeline.Build(), _services).RunAsync(Entry("Order"), data: null, CancellationToken.None);

        Assert.Equal(["outer", "inner", "outer after no context"], order);
    }

    [Fact]
    public void Items_HttpInvocation_HoldTheRequestWhereTheWorkerLooksForIt()
    {
        var http = new DefaultHttpContext();

        var context = new LocalFunctionContext(Entry("Greet"), _services, http, CancellationToken.None);

        Assert.Same(http, context.GetHttpContext());
        context.Items["own"] = "kept";
        Assert.Same(http, context.GetHttpContext());
        Assert.Equal("kept", context.Items["own"]);
        Assert.Equal(typeof(SampleFunctions).FullName + ".Greet", context.FunctionDefinition.EntryPoint);
    }

    private FunctionEntry Entry(string name) => _catalog.Functions.Single(entry => entry.Name == name);

    private FunctionRunner Runner() => new(new FunctionPipeline(new ServiceCollection()).Build(), _services);

    private ValueTask<object?> RunAsync(string name, object? data, CancellationToken cancellation = default) =>
        Runner().RunAsync(Entry(name), data, cancellation);

    /// <summary>A parameter as reflection gives it when another thread has asked at the same time: equal, and not the same.</summary>
    private sealed class Look : ParameterInfo
    {
        public Look(ParameterInfo one) => (ClassImpl, NameImpl, PositionImpl) = (one.ParameterType, one.Name, one.Position);
    }
}
