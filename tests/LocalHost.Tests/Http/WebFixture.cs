using Headgate.Core.Validation;
using Headgate.Functions.Api;
using Headgate.Functions.Telemetry;
using Headgate.LocalHost.Discovery;
using Headgate.LocalHost.Http;
using Headgate.LocalHost.Invocation;
using Headgate.LocalHost.Options;
using Headgate.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Headgate.LocalHost.Tests.Http;

/// <summary>A web server on a free port with <see cref="WebFunctions"/> and a gate that the test opens.</summary>
internal sealed class WebFixture : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WebFixture(WebApplication app) => _app = app;

    /// <summary>What an answer waits for.</summary>
    public Func<ValueTask> Flushed { get; set; } = () => ValueTask.CompletedTask;

    public HttpClient Client { get; } = new();

    public static async Task<WebFixture> StartAsync(string routePrefix = "")
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.AddKestrel(new LocalHostOptions { Port = 0 });
        builder.Services.AddLogging();
        builder.Services.AddSingleton<IRandomSource, SystemRandom>().AddSingleton(new Indicators([])).AddSingleton<Edge>();
        var pipeline = new FunctionPipeline(builder.Services);
        var app = builder.Build();
        var runner = new FunctionRunner(pipeline.Build(), app.Services);
        var catalog = FunctionCatalog.Discover([typeof(WebFunctions)], new ConfigurationManager(), new Problems());

        var fixture = new WebFixture(app);
        app.UseFunctions(
            [FunctionRoutes.Build(catalog, routePrefix, new Problems(), entry => new FunctionEndpoint(entry, runner, () => fixture.Flushed()).InvokeAsync)],
            () => fixture.Flushed());
        await app.StartAsync();
        fixture.Client.BaseAddress = new Uri(app.Urls.First());
        return fixture;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
