using System.Diagnostics.Metrics;
using Headgate.Functions.Tasks;
using Headgate.Functions.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Headgate.Functions.Tests.Tasks;

public sealed class StartPredictionsTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 15, 12, 0, 0, TimeSpan.Zero);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<Metrics>().AddSingleton<StartPredictions>().BuildServiceProvider();
    private readonly MeterListener _listener = new();
    private readonly List<double> _errors = [];
    private readonly StartPredictions _predictions;

    public StartPredictionsTests()
    {
        var factory = _services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, factory) && instrument.Name == "headgate.estimate.error")
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((_, value, _, _) => _errors.Add(value));
        _listener.Start();
        _predictions = _services.GetRequiredService<StartPredictions>();
    }

    [Fact]
    public void Started_ToldTask_MeasuresTheFirstPredictionOnce()
    {
        _predictions.Told("a", Now.AddSeconds(10));
        _predictions.Told("a", Now.AddSeconds(99));
        _predictions.Started("a", Now.AddSeconds(25));
        _predictions.Started("a", Now.AddSeconds(30));
        _predictions.Started("b", Now);

        Assert.Equal([-15], _errors);
        Assert.Equal((15, 1), _predictions.UsualError);
        Assert.Equal(0, _predictions.Count);
    }

    [Fact]
    public void Told_MoreThanAreKept_ForgetsTheFirst()
    {
        for (var i = 0; i <= 1000; i++)
            _predictions.Told($"t{i}", Now);

        _predictions.Started("t0", Now);
        _predictions.Started("t1", Now);

        Assert.Equal((999, 1), (_predictions.Count, _errors.Count));
    }

    [Fact]
    public void UsualError_ManyStarts_IsTheMedianOfTheLastFifty()
    {
        Assert.Null(_predictions.UsualError);
        for (var i = 0; i < 60; i++)
        {
            _predictions.Told("a", Now);
            _predictions.Started("a", Now.AddSeconds(i < 10 ? 1000 : i));
        }

        Assert.Equal((35, 50), _predictions.UsualError);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _services.Dispose();
    }
}
