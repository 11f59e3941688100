using Headgate.Engine.Client;
using Headgate.Engine.Instances;
using Headgate.Engine.Instances.Records;
using Headgate.Engine.Replay;
using Headgate.Engine.Turns;
using Headgate.Ports;
using Headgate.Storage.Log;
using Headgate.Storage.Sqlite;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Headgate.Engine;

/// <summary>
/// Durable orchestrations in this process. Clients may be used at once; nothing runs before <see cref="StartAsync"/>, which takes up
/// what an earlier process has left.
/// </summary>
public sealed class DurableEngine : IDisposable
{
    private readonly EngineCore _core;
    private readonly Wakes _wakes;

    /// <summary>Makes the engine of a database; the log must be that database's, with <see cref="LogClient"/> among its clients.</summary>
    public DurableEngine(
        Database database,
        WriteLog log,
        IDurableFunctions functions,
        DurableEngineOptions options,
        TimeProvider time,
        IRandomSource random,
        ILoggerFactory loggers)
    {
        if (!log.Clients.Contains(LogClient))
            throw new ArgumentException($"The log was opened without {nameof(DurableEngine)}.{nameof(LogClient)}: it could not keep orchestrations.", nameof(log));
        _core = new(database, log, functions, options, time, loggers);
        var activities = new ActivityCalls(_core);
        _wakes = new(_core, activities);
        _core.Connect(new TurnRunner(_core, activities).Run, _wakes);
        Client = new LocalDurableClient(_core, random);
    }

    /// <summary>What a log must be opened with to keep orchestrations.</summary>
    public static ILogClient LogClient { get; } = new InstanceLogClient();

    /// <summary>Starts orchestrations and acts on them.</summary>
    public DurableTaskClient Client { get; }

    /// <summary>How many instances are held in memory.</summary>
    public int ResidentInstances => _core.Instances.Count;

    /// <inheritdoc cref="EngineCore.TurnCommitted"/>
    internal Action<InstanceRow, TurnOutcome>? TurnCommitted
    {
        set => _core.TurnCommitted = value;
    }

    /// <summary>Whether an instance is in a turn or has activities out.</summary>
    internal bool IsBusy(string id) => _core.Instances.IsBusy(id);

    /// <summary>Takes up what an earlier process has left, and runs turns and activities from now on.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _wakes.TakeUpAll();
        _core.Turns.Open();
        _core.Activities.Open();
        return Task.CompletedTask;
    }

    /// <summary>Lets running activities and turns end. Once the token is set activities are told to stop; they run again at the next start.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await using (cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _core.Stopping))
        {
            try
            {
                await _core.Activities.CloseAsync().WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                // The host will wait no longer: what has not ended is called again at the next start.
            }
        }

        await _core.Turns.CloseAsync();
        await _core.FlushedAsync();
    }

    /// <inheritdoc/>
    public void Dispose() => _core.Dispose();
}
