using System.Diagnostics.Metrics;
using Headgate.Functions.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Headgate.Functions.Tests.Telemetry;

public sealed class MetricsTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<Metrics>().BuildServiceProvider();
    private readonly MeterListener _listener = new();
    private readonly List<string> _seen = [];

    public MetricsTests()
    {
        var factory = _services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, factory))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.Start();
    }

    [Fact]
    public void Submitted_Outcome_CountedByPlan()
    {
        _services.GetRequiredService<Metrics>().Submitted("concurrency-limit", "pro");

        Assert.Equal(["headgate.admissions 1 outcome=concurrency-limit plan=pro", "headgate.concurrency_limit_reached 1 scope=tenant"], _seen);
    }

    [Fact]
    public void AttemptSettled_Retry_CountedAndTimed()
    {
        _services.GetRequiredService<Metrics>().AttemptSettled("backup", "failure", "network", "retry", TimeSpan.FromSeconds(2.5));

        Assert.Equal(
            [
                "headgate.attempts 1 type=backup outcome=failure category=network",
                "headgate.attempt.duration 2.5 type=backup outcome=failure category=network",
                "headgate.retries 1 category=network",
            ],
            _seen);
    }

    [Fact]
    public void AttemptSettled_Exhausted_CountedOnce()
    {
        _services.GetRequiredService<Metrics>().AttemptSettled("backup", "failure", "network", "exhausted", TimeSpan.Zero);

        Assert.Equal("headgate.tasks.exhausted 1", _seen[^1]);
    }

    [Fact]
    public void AttemptSettled_ManyTypes_TheRestShareALabel()
    {
        var metrics = _services.GetRequiredService<Metrics>();
        for (var i = 0; i < 200; i++)
            metrics.AttemptSettled($"type-{i}", "success", null, "completed", TimeSpan.Zero);
        metrics.AttemptSettled("type-0", "success", null, "completed", TimeSpan.Zero);

        var types = _seen.Where(line => line.StartsWith("headgate.attempts", StringComparison.Ordinal)).ToList();
        Assert.Equal(101, types.Distinct(StringComparer.Ordinal).Count());
        Assert.Contains("type=other", types[199], StringComparison.Ordinal);
        Assert.Contains("type=type-0", types[200], StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _services.Dispose();
    }

    private void Note(Instrument instrument, object value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _seen.Add(string.Join(' ', new[] { $"{instrument.Name} {value}" }.Concat(tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))));
}
