using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Headgate.Functions.Telemetry;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Headgate.Functions.Azure;

/// <summary>
/// Sends the app's metrics to Application Insights each minute, as the app's identity; the exporter reads where to from
/// <c>APPLICATIONINSIGHTS_CONNECTION_STRING</c>. Requests and traces are the host's to send.
/// </summary>
internal sealed class MetricExport : IHostedService, IDisposable
{
    /// <summary>How long the last values may take when the process stops.</summary>
    private const int FlushMilliseconds = 5000;

    private MeterProvider? _provider;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _provider = Sdk.CreateMeterProviderBuilder()
            .AddMeter(Metrics.MeterName)
            .AddAzureMonitorMetricExporter(credential: new DefaultAzureCredential())
            .Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _provider?.ForceFlush(FlushMilliseconds);
        return Task.CompletedTask;
    }

    public void Dispose() => _provider?.Dispose();
}
