using Azure.Core;
using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Headgate.Core.Validation;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Headgate.Functions.Telemetry;

/// <summary>
/// Where the process sends its metrics, on both hosts: to Application Insights where <c>APPLICATIONINSIGHTS_CONNECTION_STRING</c> is set, to an OTLP
/// collector where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is, which gets the traces of runs too. Without either nothing is sent, and no spans are made.
/// The other <c>OTEL_</c> variables of the OpenTelemetry specification hold too; its default is one export a minute and one when the process stops. Under the
/// Functions host the runtime's and the web server's metrics go to a collector alone: Application Insights takes money for each row, and that host
/// tells it of requests itself.
/// </summary>
public static class TelemetryExport
{
    private const string Insights = "APPLICATIONINSIGHTS_CONNECTION_STRING";
    private const string InsightsAuthentication = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING";
    private const string Collector = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string Sampler = "OTEL_TRACES_SAMPLER";
    private const string ServiceName = "OTEL_SERVICE_NAME";
    private const string Protocol = "OTEL_EXPORTER_OTLP_PROTOCOL";

    private static readonly string[] s_protocols = ["grpc", "http/protobuf"];

    /// <summary>Adds a problem for each setting that the exporters could not use; some of them would say so only when the process has started.</summary>
    public static void Check(IConfiguration configuration, Problems problems)
    {
        if (Setting(configuration, Insights) is { } insights && !HasInstrumentationKey(insights))
            problems.Add(Insights, "must be the connection string of an Application Insights resource, 'InstrumentationKey=<guid>;…'");
        if (Setting(configuration, Collector) is { } collector
            && !(Uri.TryCreate(collector, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)))
            problems.Add(Collector, $"must be an http or https address, not '{collector}'");
        if (Setting(configuration, Protocol) is { } protocol && !s_protocols.Contains(protocol))
            problems.Add(Protocol, $"must be one of {string.Join(", ", s_protocols)}, not '{protocol}'");
    }

    /// <param name="services">Where to.</param>
    /// <param name="configuration">Read once, now.</param>
    /// <param name="host">What the Functions host's worker adds of its own where anything is exported; null on one machine.</param>
    public static IServiceCollection AddTelemetryExport(this IServiceCollection services, IConfiguration configuration, Action<IOpenTelemetryBuilder>? host = null)
    {
        var (insights, collector) = (Setting(configuration, Insights), Setting(configuration, Collector));
        if (insights is not null || collector is not null)
            services.Add(configuration, insights, collector, host);
        return services;
    }

    // Apart: who exports nothing need not load what exports.
    private static void Add(
        this IServiceCollection services, IConfiguration configuration, string? insights, string? collector, Action<IOpenTelemetryBuilder>? host)
    {
        var telemetry = services.AddOpenTelemetry().WithMetrics(metrics =>
        {
            metrics.AddMeters(ofTheProcess: collector is not null || host is null);
            if (insights is not null)
                metrics.AddAzureMonitorMetricExporter(exporter => exporter.ConnectionString = insights);
            if (collector is not null)
                metrics.SetExemplarFilter(ExemplarFilterType.TraceBased).AddOtlpExporter();
        });
        if (collector is not null)
            telemetry.WithTracing(traces => traces.AddSpans(ofTheServer: host is null, isLimited: Setting(configuration, Sampler) is null).AddOtlpExporter());
        if (host is null && Setting(configuration, ServiceName) is null)
            telemetry.ConfigureResource(resource => resource.AddService("headgate"));
        if (AsIdentity(configuration))
        {
            services.TryAddSingleton<TokenCredential>(_ => new DefaultAzureCredential());
            services.AddOptions<AzureMonitorExporterOptions>().Configure<TokenCredential>((exporter, credential) => exporter.Credential = credential);
        }

        host?.Invoke(telemetry);
    }

    public static MeterProviderBuilder AddMeters(this MeterProviderBuilder metrics, bool ofTheProcess)
    {
        metrics.AddMeter(Metrics.MeterName);
        return ofTheProcess ? metrics.AddRuntimeInstrumentation().AddAspNetCoreInstrumentation() : metrics;
    }

    // An agent's questions whether there is work, and probes, are many and part of no run. The functions host has a span for each request itself.
    private static TracerProviderBuilder AddSpans(this TracerProviderBuilder traces, bool ofTheServer, bool isLimited)
    {
        traces.AddSource(Tracing.SourceName);
        if (isLimited)
            traces.SetSampler(services => new ParentBasedSampler(new NewTraceLimit(services.GetRequiredService<TimeProvider>())));
        return ofTheServer ? traces.AddAspNetCoreInstrumentation(server => server.Filter = http => !RoutineCalls.IsPoll(http.Request.Path.Value ?? "")) : traces;
    }

    /// <summary>Whether Application Insights takes telemetry from the app's identity alone; the setting's form is that of the Functions host.</summary>
    private static bool AsIdentity(IConfiguration configuration) =>
        Setting(configuration, InsightsAuthentication)?.Contains("Authorization=AAD", StringComparison.OrdinalIgnoreCase) == true;

    private static bool HasInstrumentationKey(string connection) =>
        connection.Split(';').Any(part => part.Trim().Split('=', 2) is ["InstrumentationKey", var key] && Guid.TryParse(key, out _));

    private static string? Setting(IConfiguration configuration, string name) => configuration[name] is { Length: > 0 } text ? text : null;
}
