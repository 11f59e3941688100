using System.Diagnostics.Metrics;
using Headgate.Core.Alerts;
using Headgate.Functions.Options;

namespace Headgate.Functions.Alerts;

/// <summary>What this process measured for one rule, of the last minutes. Safe for concurrent use.</summary>
internal sealed class AlertMeter(AlertDefinition definition)
{
    /// <summary>Longer than any rule looks back; what is older is removed when a new minute begins.</summary>
    public const int KeptMinutes = 20;

    private const string Route = "http.route";
    private const string Status = "http.response.status_code";

    /// <summary>A claim is held until there is work, as long as its agent likes.</summary>
    private const string HeldRoute = "/tasks/claim";

    private readonly Lock _lock = new();
    private readonly SortedDictionary<long, double[]> _minutes = [];
    private readonly AlertSignal _signal = definition.Signal!;

    public AlertRule Rule { get; } = definition.Rule!;

    public bool IsGauge => _signal.Kind == SignalKind.Gauge;

    public string Instrument => _signal.Instrument;

    public bool Reads(string instrument) => !IsGauge && (instrument == _signal.Instrument || instrument == _signal.Per);

    /// <summary>Takes a measurement of an instrument that it reads.</summary>
    public void Take(string instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> labels, long minute)
    {
        switch (_signal.Kind)
        {
            case SignalKind.Counter when Fits(labels):
                Add(minute, 0, value);
                break;
            case SignalKind.Ratio:
                if (instrument == _signal.Per)
                    Add(minute, 1, value);
                else if (Fits(labels))
                    Add(minute, 0, value);
                break;
            case SignalKind.ServerErrors:
                Add(minute, 1, 1);
                if (Label(labels, Status) is >= 500)
                    Add(minute, 0, 1);
                break;
            case SignalKind.Durations when !(Label(labels, Route) is string route && route.EndsWith(HeldRoute, StringComparison.Ordinal)):
                Add(minute, DurationBuckets.IndexOf(value), 1);
                break;
        }
    }

    /// <summary>Takes what a gauge reports; a minute keeps the greatest.</summary>
    public void Take(IReadOnlyList<Measurement<double>> reported, long minute)
    {
        foreach (var measurement in reported)
        {
            if (!Fits(measurement.Tags))
                continue;
            lock (_lock)
            {
                var parts = Minute(minute);
                parts[0] = Math.Max(parts[0], measurement.Value);
            }
        }
    }

    /// <summary>The process was there in this minute: that nothing was counted means that nothing happened.</summary>
    public void Touch(long minute)
    {
        lock (_lock)
            Minute(minute);
    }

    /// <summary>A copy of what it has, in order.</summary>
    public IReadOnlyList<KeyValuePair<long, double[]>> Minutes()
    {
        lock (_lock)
            return [.. _minutes.Select(minute => KeyValuePair.Create(minute.Key, minute.Value.ToArray()))];
    }

    private void Add(long minute, int part, double value)
    {
        lock (_lock)
            Minute(minute)[part] += value;
    }

    private double[] Minute(long minute)
    {
        if (_minutes.TryGetValue(minute, out var parts))
            return parts;
        // A clock that was set leaves minutes of both times.
        foreach (var old in _minutes.Keys.Where(each => each <= minute - KeptMinutes || each > minute + KeptMinutes).ToList())
            _minutes.Remove(old);
        return _minutes[minute] = new double[Rule.Parts];
    }

    private bool Fits(ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        foreach (var (name, value) in _signal.Labels)
        {
            if (Label(labels, name) as string != value)
                return false;
        }

        return true;
    }

    private static object? Label(ReadOnlySpan<KeyValuePair<string, object?>> labels, string name)
    {
        foreach (var label in labels)
        {
            if (label.Key == name)
                return label.Value;
        }

        return null;
    }
}
