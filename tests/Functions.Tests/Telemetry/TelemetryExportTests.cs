using System.Diagnostics.Metrics;
using Headgate.Functions.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using Xunit;

namespace Headgate.Functions.Tests.Telemetry;

public sealed class TelemetryExportTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void AddMeters_OfTheProcessToo_AddsTheRuntimesToTheApps(bool ofTheProcess, bool runtime)
    {
        var exporter = new MeterNames();
        using var reader = new BaseExportingMetricReader(exporter);
        using var provider = Sdk.CreateMeterProviderBuilder().AddMeters(ofTheProcess).AddReader(reader).Build();
        using var meter = new Meter(Metrics.MeterName);
        meter.CreateCounter<long>("headgate.test").Add(1);

        Assert.True(reader.Collect());

        Assert.Contains(Metrics.MeterName, exporter.Seen);
        Assert.Equal(runtime, exporter.Seen.Contains("System.Runtime"));
    }

    private sealed class MeterNames : BaseExporter<Metric>
    {
        public HashSet<string> Seen { get; } = new(StringComparer.Ordinal);

        public override ExportResult Export(in Batch<Metric> batch)
        {
            foreach (var metric in batch)
                Seen.Add(metric.MeterName);
            return ExportResult.Success;
        }
    }
}
