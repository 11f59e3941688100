using System.Diagnostics.Metrics;
using Headgate.Functions.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.Infrastructure.Tests.Prometheus;

/// <summary>
/// How instruments are called in <c>/metrics</c>: dots become underscores, seconds are named, counters end in <c>total</c>, units in braces are left out.
/// https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/
/// </summary>
internal static class MetricName
{
    private static readonly Lazy<IReadOnlyDictionary<string, string>> s_names = new(Names);

    /// <summary>Of a histogram, what its parts' names begin with.</summary>
    public static string Of(string instrument) => s_names.Value[instrument];

    public static string Label(string name) => name.Replace('.', '_');

    private static Dictionary<string, string> Names()
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal) { ["http.server.request.duration"] = "http_server_request_duration_seconds" };
        using var services = new ServiceCollection().AddMetrics().AddSingleton(TimeProvider.System).AddSingleton<Metrics>().AddSingleton<Gauges>().BuildServiceProvider();
        var factory = services.GetRequiredService<IMeterFactory>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, factory))
                    names[instrument.Name] = Named(instrument);
            },
        };
        listener.Start();
        services.GetRequiredService<Metrics>();
        services.GetRequiredService<Gauges>();
        return names;
    }

    private static string Named(Instrument instrument)
    {
        var unit = instrument.Unit switch
        {
            "s" => "_seconds",
            null => "",
            var annotation when annotation.StartsWith('{') => "",
            var other => throw new NotSupportedException($"{instrument.Name}: the unit '{other}' is not known here."),
        };
        return instrument.Name.Replace('.', '_') + unit + (instrument is Counter<long> ? "_total" : "");
    }
}
