using Headgate.Functions.Maintenance;
using Headgate.LocalHost.Options;
using Headgate.TestKit;
using Headgate.TestKit.Wire;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Headgate.LocalHost.Tests.Telemetry;

/// <summary>The real exporters, into a collector of the test.</summary>
public sealed class TelemetryExportTests
{
    private static readonly string[] s_names = ["headgate.admissions", "headgate.runs.in_flight", "dotnet.gc.collections", "http.server.request.duration"];

    [Fact]
    public async Task Export_ToACollector_SendsTheMetersOfAppRuntimeAndServer()
    {
        await using var collector = await Collector.StartAsync();

        await ServeAsync(new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address, ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf" });

        var sent = collector.SentTo("/v1/metrics");
        Assert.All(s_names, name => Assert.Contains(name, sent, StringComparison.Ordinal));
        // Spans of other tests' services in this process come along.
        var traces = collector.Spans().Where(span => span is { Name: "POST /tenants/{tenantId}/runs", Service: "headgate" }).Select(span => span.TraceId).ToHashSet(StringComparer.Ordinal);
        Assert.Contains(collector.Spans(), span => span.Name == "process runs" && traces.Contains(span.TraceId));
    }

    [Fact]
    public async Task Export_ToApplicationInsights_SendsTheSame()
    {
        await using var collector = await Collector.StartAsync();

        await ServeAsync(new()
        {
            ["APPLICATIONINSIGHTS_CONNECTION_STRING"] = $"InstrumentationKey=00000000-0000-0000-0000-000000000001;IngestionEndpoint={collector.Address}/",
        });

        var sent = collector.SentTo("/v2.1/track");
        Assert.All(s_names, name => Assert.Contains($"\"name\":\"{name}\"", sent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Export_WithoutASetting_CollectsNothing()
    {
        await using var service = await LocalService.StartAsync();

        Assert.Null(service.Server.Services.GetService<MeterProvider>());
        Assert.Null(service.Server.Services.GetService<TracerProvider>());
    }

    [Fact]
    public async Task Export_WithSettingsThatNoExporterTakes_RefusesTheStartWithEachOfThem()
    {
        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => ServeAsync(new()
        {
            ["APPLICATIONINSIGHTS_CONNECTION_STRING"] = "InstrumentationKey=mine",
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "collector:4317",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "json",
        }));

        Assert.Equal(
            ["APPLICATIONINSIGHTS_CONNECTION_STRING", "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_PROTOCOL"],
            refused.Problems.Select(problem => problem.Path));
    }

    /// <summary>One submission, one round of measuring, and a stop, which sends what was measured.</summary>
    private static async Task ServeAsync(Dictionary<string, string?> settings)
    {
        await using var service = await LocalService.StartAsync(settings: settings);
        await service.Client.CreateTenantAsync("acme");
        await service.Client.PostAsync("/tenants/acme/runs", Bodies.OneTask());
        await service.Server.Services.GetRequiredService<Measurements>().RunAsync(CancellationToken.None);
    }
}
