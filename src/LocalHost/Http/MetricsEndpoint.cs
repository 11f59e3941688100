using Headgate.Functions.Security;
using Headgate.Functions.Telemetry;
using Headgate.Functions.Wire;
using Headgate.LocalHost.Options;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Configuration;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Headgate.LocalHost.Http;

/// <summary>
/// <c>GET /metrics</c>: this process's meters as Prometheus reads them, for operators and who has the scrape key. It is no function: in Azure a call reaches
/// one of several processes, and the numbers of one say nothing. Where there is a scrape key they are counted from the start; otherwise from the first call,
/// so that a service that nobody scrapes collects nothing.
/// </summary>
internal sealed class MetricsEndpoint : IDisposable
{
    public const string Path = "/metrics";

    private const string Scheme = "Bearer ";

    /// <summary>Gauges of the runtime whose names Prometheus keeps for the parts of a histogram.</summary>
    private static readonly string[] s_misleading = ["dotnet.assembly.count", "dotnet.process.cpu.count", "dotnet.timer.count"];

    private readonly IServiceProvider _services;
    private readonly CredentialChain _credentials;
    private readonly ScrapeKey? _scrapeKey;
    private readonly Lazy<(MeterProvider Provider, RequestDelegate Answer)> _scrape;

    public MetricsEndpoint(IServiceProvider services, CredentialChain credentials, IConfiguration configuration)
    {
        (_services, _credentials, _scrapeKey) = (services, credentials, ScrapeKey.Of(configuration));
        _scrape = new(Collect);
        if (_scrapeKey is not null)
            _ = _scrape.Value;
    }

    public EndpointDataSource Route()
    {
        var builder = new RouteEndpointBuilder(InvokeAsync, RoutePatternFactory.Parse(Path), order: 0) { DisplayName = "Metrics" };
        builder.Metadata.Add(new HttpMethodMetadata(["GET", "HEAD"]));
        return new DefaultEndpointDataSource(builder.Build());
    }

    public void Dispose()
    {
        if (_scrape.IsValueCreated)
            _scrape.Value.Provider.Dispose();
    }

    private async Task InvokeAsync(HttpContext http)
    {
        // Nothing here rests on what is not on disk yet.
        http.Features.Set(AnswerGate.Passed);
        if (!HasScrapeKey(http.Request) && Refuse(await _credentials.IdentifyAsync(http.Request, http.RequestAborted)) is { } refusal)
            Reply.Refused(refusal).Write(http);
        else
            await _scrape.Value.Answer(http);
    }

    private static Refusal? Refuse(Caller? caller) => caller is null ? Refusals.Unauthenticated : caller.RefuseButOperators();

    private bool HasScrapeKey(HttpRequest request) =>
        _scrapeKey is not null
        && request.Headers.Authorization is [{ } header]
        && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && _scrapeKey.Is(header[Scheme.Length..].Trim(' '));

    private (MeterProvider Provider, RequestDelegate Answer) Collect()
    {
        var meters = Sdk.CreateMeterProviderBuilder().AddMeters(ofTheProcess: true).AddPrometheusExporter(exporter => exporter.ScrapeResponseCacheDurationMilliseconds = 0);
        foreach (var name in s_misleading)
            meters.AddView(name, MetricStreamConfiguration.Drop);
        var provider = meters.Build();
        var app = new ApplicationBuilder(_services);
        app.UseOpenTelemetryPrometheusScrapingEndpoint(provider, predicate: null, Path, configureBranchedPipeline: null, optionsName: null);
        return (provider, app.Build());
    }
}
