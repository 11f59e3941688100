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

/// <summary>Durable orchestrations in this process. The client may be used at once; nothing runs before <see cref="StartAsync"/>.</summary>
public sealed class DurableEngine : IDisposable
{
    private readonly EngineCore _core;
    private readonly Wakes _wakes;

    /// <param name="database">The store's database.</param>
    /// <param name="log">The store's log, opened with <see cref="LogClient"/>.</param>
    /// <param name="functions">Orchestrators and activities.</param>
    /// <param name="options">Bounds.</param>
    /// <param name="time">The wall clock, and the clock of timers.</param>
    /// <param name="random">For new instance ids.</param>
    /// <param name="loggers">For the engine, and for orchestrators' replay-safe loggers.</param>
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

    /// <summary>Give it to <see cref="Storage.EmbeddedStore.Open"/>.</summary>
    public static ILogClient LogClient { get; } = new InstanceLogClient();

    public DurableTaskClient Client { get; }

    /// <summary>Instances in memory.</summary>
    public int ResidentInstances => _core.Instances.Count;

    /// <inheritdoc cref="EngineCore.TurnCommitted"/>
    internal Action<InstanceRow, TurnOutcome>? TurnCommitted
    {
        set => _core.TurnCommitted = value;
    }

    /// <summary>Whether an instance is in a turn or has activities out.</summary>
    internal bool IsBusy(string id) => _core.Instances.IsBusy(id);

    /// <summary>Resumes what an earlier process left, and runs turns and activities from now on.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _wakes.ResumeAll();
        _core.Turns.Open();
        _core.Activities.Open();
        return Task.CompletedTask;
    }

    /// <summary>Waits for running activities and turns. Once the token fires, activities are cancelled; they run again at the next start.</summary>
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
                // The host waits no longer; activities that have not ended are called again at the next start.
            }
        }

        await _core.Turns.CloseAsync();
        await _core.FlushedAsync();
    }

    /// <inheritdoc/>
    public void Dispose() => _core.Dispose();
}
