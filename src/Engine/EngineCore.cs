using Headgate.Engine.Instances;
using Headgate.Engine.Replay;
using Headgate.Storage.Log;
using Headgate.Storage.Sqlite;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.Logging;

namespace Headgate.Engine;

/// <summary>
/// What the parts of the engine share. One gate guards the instances in memory and the order of the log: a change of an instance is
/// appended inside the gate, so that log and memory agree. Nothing inside the gate reads from disk or runs user code.
/// </summary>
internal sealed class EngineCore(Database database, WriteLog log, IDurableFunctions functions, DurableEngineOptions options, TimeProvider time, ILoggerFactory loggers) : IDisposable
{
    private readonly SteadyClock _clock = new(time, new InstanceReader(database.Readers).ReadLatest());
    private ResidentInstances? _instances;
    private DueTimers? _timers;
    private FaultPauses? _faults;

    public Lock Gate { get; } = new();

    public InstanceReader Reader { get; } = new(database.Readers);

    public ResidentInstances Instances => _instances!;

    public DueTimers Timers => _timers!;

    public FaultPauses Faults => _faults!;

    public BoundedPump Turns { get; } = new(options.MaxConcurrentOrchestratorFunctions);

    public BoundedPump Activities { get; } = new(options.MaxConcurrentActivityFunctions);

    public IDurableFunctions Functions => functions;

    public DataConverter Converter { get; } = JsonDataConverter.Default;

    public ILoggerFactory Loggers => loggers;

    public ILogger Logger { get; } = loggers.CreateLogger<DurableEngine>();

    /// <summary>Cancels running activities.</summary>
    public CancellationTokenSource Stopping { get; } = new();

    /// <summary>The time for timers and instance rows, by a <see cref="SteadyClock"/>.</summary>
    public DateTimeOffset Now => _clock.Now;

    /// <summary>The wall clock's time, which orchestrators see.</summary>
    public DateTimeOffset Wall => time.GetUtcNow();

    /// <summary>Called inside the gate after each turn that ran the orchestrator is appended. Must be quick and must not throw.</summary>
    public Action<InstanceRow, TurnOutcome>? TurnCommitted { get; set; }

    public void Connect(Action<Instance> turn, Wakes wakes)
    {
        _instances = new(Gate, Reader, options.MaxIdleInstances, () => log.MergedUntil, turn);
        _timers = new(time, _clock, wakes.TimersDue);
        _faults = new(time, _clock, wakes.PausesOver);
    }

    /// <summary>Converts a wall-clock time to the engine's clock; null if it is not in the future.</summary>
    public DateTimeOffset? Ahead(DateTimeOffset? wall) => wall > Wall ? _clock.Of(wall.Value) : null;

    /// <summary>A number larger than all before, even across restarts. Called inside the gate, so that numbers follow the order of the log.</summary>
    public long NextNumber() => database.Numbers.Next();

    /// <summary>Called inside the gate.</summary>
    /// <exception cref="Ports.StoreUnavailableException">The log is closed or has failed.</exception>
    public void Append(InstanceWrite write) => write.Appended(log.AppendLazily(write));

    public ValueTask FlushedAsync() => log.FlushedAsync();

    public ValueTask MergedAsync() => log.MergedAsync();

    /// <summary>Queues a turn unless one is queued. Called inside the gate.</summary>
    public void Schedule(Instance instance)
    {
        if (instance.Scheduled)
            return;
        instance.Scheduled = true;
        Turns.Post(instance);
    }

    /// <summary>As <see cref="Schedule"/>, and ends the pause after a fault. Called inside the gate.</summary>
    public void Resume(Instance instance)
    {
        if (!instance.Paused)
        {
            Schedule(instance);
            return;
        }

        instance.Paused = false;
        Turns.Post(instance);
    }

    /// <summary>Puts an event into a live instance's inbox and queues a turn. Called inside the gate.</summary>
    public void Deliver(Instance instance, InboxItem item)
    {
        (instance.Inbox ??= new(1)).Add(item);
        Schedule(instance);
    }

    /// <summary>Sets when an instance must be woken; null: never. Called inside the gate.</summary>
    public void WakeAt(Instance instance, long? due)
    {
        Timers.Move(instance.Id, instance.NextTimer, due);
        instance.NextTimer = due;
    }

    public void Dispose()
    {
        _timers?.Dispose();
        _faults?.Dispose();
        Stopping.Dispose();
    }
}
