using System.Diagnostics.Metrics;
using Headgate.Functions;
using Headgate.Functions.Maintenance;
using Headgate.Functions.Options;
using Headgate.Functions.Runs;
using Headgate.Functions.Telemetry;
using Headgate.Ports;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Headgate.Fault.Tests.InProcess;

/// <summary>What a process that answers timers alone holds: the app's own composition, with nothing in its memory yet, on tables that others share.</summary>
internal sealed class RoundProcess : IDisposable
{
    private readonly ServiceProvider _services;
    private readonly MortalTables _tables;
    private readonly DurableTaskClient _client;
    private readonly MeterListener _listener = new();
    private long _corrected;

    /// <param name="service">The service that answers HTTP and runs orchestrations.</param>
    /// <param name="tables">What both stand on.</param>
    public RoundProcess(IServiceProvider service, FaultyTables tables)
    {
        _client = service.GetRequiredService<DurableTaskClient>();
        _tables = new MortalTables(tables);
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<ITableStore>(_tables)
            .AddSingleton<IQueueSender>(tables)
            .AddSingleton(service.GetRequiredService<IQueueMetrics>())
            .AddSingleton(service.GetRequiredService<IRandomSource>())
            .AddSingleton(service.GetRequiredService<TimeProvider>())
            .AddSingleton(service.GetRequiredService<IHostApplicationLifetime>())
            .AddSingleton(Arrangement.SharedAll)
            .AddHeadgate(service.GetRequiredService<IConfiguration>())
            .AddTransient<Maintain>()
            .AddTransient<SweepLeases>()
            .BuildServiceProvider();
        var factory = _services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == factory && instrument.Name == "headgate.ledger.drift")
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, slots, _, _) => Interlocked.Add(ref _corrected, slots));
        _listener.Start();
        _services.GetRequiredService<Metrics>();
    }

    /// <summary>How many slots this process says it has corrected.</summary>
    public long Corrected => Interlocked.Read(ref _corrected);

    /// <summary>How many stuck orchestrations it reports.</summary>
    public int Stuck => _services.GetRequiredService<RunWatch>().Stuck;

    /// <summary>Answers both timers.</summary>
    /// <param name="diesAfter">How many table operations it lives for; null: to the end.</param>
    /// <returns>Whether it lived.</returns>
    public async Task<bool> AnswerAsync(int? diesAfter)
    {
        _tables.Left = diesAfter;
        try
        {
            await _services.GetRequiredService<SweepLeases>().RunAsync(new TimerInfo(), _client, CancellationToken.None);
            await _services.GetRequiredService<Maintain>().RunAsync(new TimerInfo(), _client, CancellationToken.None);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        catch (StoreUnavailableException)
        {
            // The timer comes again.
            return true;
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        _services.Dispose();
    }
}
