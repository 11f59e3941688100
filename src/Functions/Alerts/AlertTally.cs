using System.Diagnostics.Metrics;
using Headgate.Core.Alerts;
using Headgate.Functions.Options;
using Headgate.Functions.Telemetry;

namespace Headgate.Functions.Alerts;

/// <summary>Listens to the instruments that rules read, of this process, and keeps what they told by the minute.</summary>
public sealed class AlertTally : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly AlertMeter[] _meters;
    private readonly Gauges _gauges;
    private readonly TimeProvider _clock;

    public AlertTally(IMeterFactory factory, Gauges gauges, HeadgateOptions options, TimeProvider clock)
    {
        (_gauges, _clock) = (gauges, clock);
        _meters = [.. options.Alerts.Rules.Where(rule => rule is { Signal: not null, Rule: not null }).Select(rule => new AlertMeter(rule))];
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            // Another service in this process has instruments of the same names.
            if (ReferenceEquals(instrument.Meter.Scope, factory) && _meters.Where(meter => meter.Reads(instrument.Name)).ToArray() is { Length: > 0 } meters)
                listener.EnableMeasurementEvents(instrument, meters);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, labels, meters) => Take(instrument, value, labels, meters));
        _listener.SetMeasurementEventCallback<double>(Take);
        _listener.Start();
    }

    /// <summary>Takes what the gauges report now.</summary>
    public void Look(long minute)
    {
        foreach (var meter in _meters)
        {
            if (meter.IsGauge)
                meter.Take(_gauges.Last(meter.Instrument), minute);
            else
                meter.Touch(minute);
        }
    }

    /// <summary>By rule, in order.</summary>
    public IEnumerable<(AlertRule Rule, IReadOnlyList<KeyValuePair<long, double[]>> Minutes)> Minutes() => _meters.Select(meter => (meter.Rule, meter.Minutes()));

    public void Dispose() => _listener.Dispose();

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> labels, object? meters)
    {
        var minute = AlertSeries.MinuteOf(_clock.GetUtcNow());
        foreach (var meter in (AlertMeter[])meters!)
            meter.Take(instrument.Name, value, labels, minute);
    }
}
