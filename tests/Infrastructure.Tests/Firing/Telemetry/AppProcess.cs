using System.Diagnostics.Metrics;
using Headgate.Functions.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using MetricsOfTheApp = Headgate.Functions.Telemetry.Metrics;

namespace Headgate.Infrastructure.Tests.Firing.Telemetry;

/// <summary>
/// A process of the app with its real instruments, and an exporter that sends when it is told what the real one sends each minute: the growth of
/// counters and histograms that grew since it last did, and what the gauges report.
/// </summary>
internal sealed class AppProcess : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Dictionary<(string Name, string Labels), MetricPoint> _points = [];
    private readonly Dictionary<string, string> _units = new(StringComparer.Ordinal);

    /// <param name="name">Its instance.</param>
    /// <param name="clock">Tells the gauges how old what they measured is.</param>
    /// <param name="configure">Adds to its services; may be null.</param>
    public AppProcess(string name, TimeProvider clock, Action<IServiceCollection>? configure = null)
    {
        Name = name;
        var services = new ServiceCollection().AddMetrics().AddSingleton(clock).AddSingleton<Metrics>().AddSingleton<Gauges>();
        configure?.Invoke(services);
        Services = services.BuildServiceProvider();
        var factory = Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (!ReferenceEquals(instrument.Meter.Scope, factory) || instrument.Meter.Name != MetricsOfTheApp.MeterName)
                return;
            _units[instrument.Name] = instrument.Unit ?? "";
            listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, labels, _) => Note(instrument, value, labels));
        _listener.SetMeasurementEventCallback<double>((instrument, value, labels, _) => Note(instrument, value, labels));
        _listener.Start();
        Metrics = Services.GetRequiredService<Metrics>();
        Gauges = Services.GetRequiredService<Gauges>();
    }

    public string Name { get; }

    public ServiceProvider Services { get; }

    /// <summary>Of each instrument, the unit of what it measures; empty where it counts.</summary>
    public IReadOnlyDictionary<string, string> Units => _units;

    public Metrics Metrics { get; }

    public Gauges Gauges { get; }

    public IReadOnlyList<MetricPoint> Export()
    {
        _listener.RecordObservableInstruments();
        MetricPoint[] points = [.. _points.Values];
        _points.Clear();
        return points;
    }

    public void Dispose()
    {
        _listener.Dispose();
        Services.Dispose();
    }

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        var key = (instrument.Name, MetricPoint.Joined(labels.ToArray()));
        var before = _points.GetValueOrDefault(key);
        _points[key] = instrument switch
        {
            { IsObservable: true } => new(key.Name, key.Item2, value),
            Counter<long> => new(key.Name, key.Item2, value + (before?.Value ?? 0)),
            _ => new(key.Name, key.Item2, value + (before?.Value ?? 0), 1 + (before?.Count ?? 0), Math.Min(value, before?.Min ?? value), Math.Max(value, before?.Max ?? value)),
        };
    }
}
