using Headgate.Engine.Instances;
using Headgate.Engine.Replay;
using Headgate.Storage.Log;
using Headgate.Storage.Sqlite;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.Logging;

namespace Headgate.Engine;

/// <summary>
/// What the parts of the engine share. One gate guards the instances in memory and the order of the log: whoever changes an instance
/// appends the change before leaving the gate, so that log and memory agree. Nothing inside the gate reads from disk or runs user code.
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

    /// <summary>Set when activities must not be waited for any longer.</summary>
    public CancellationTokenSource Stopping { get; } = new();

    /// <summary>The time that timers and rows of instances go by; nobody sets it.</summary>
    public DateTimeOffset Now => _clock.Now;

    /// <summary>The time on the wall, which orchestrators are told.</summary>
    public DateTimeOffset Wall => time.GetUtcNow();

    /// <summary>Told, inside the gate, of every turn of an orchestrator that the log has. Must be quick and must not throw.</summary>
    public Action<InstanceRow, TurnOutcome>? TurnCommitted { get; set; }

    public void Connect(Action<Instance> turn, Wakes wakes)
    {
        _instances = new(Gate, Reader, options.MaxIdleInstances, () => log.MergedUntil, turn);
        _timers = new(time, _clock, wakes.TimersDue);
        _faults = new(time, _clock, wakes.PausesOver);
    }

    /// <summary>A time on the wall by the engine's clock; null for one that has come.</summary>
    public DateTimeOffset? Ahead(DateTimeOffset? wall) => wall > Wall ? _clock.Of(wall.Value) : null;

    /// <summary>A number larger than all before, across restarts too. Inside the gate, so that it grows with the log.</summary>
    public long NextNumber() => database.Numbers.Next();

    /// <summary>Inside the gate.</summary>
    /// <exception cref="Ports.StoreUnavailableException">The log is closed or has failed.</exception>
    public void Append(InstanceWrite write) => write.Appended(log.AppendLazily(write));

    public ValueTask FlushedAsync() => log.FlushedAsync();

    /// <summary>What was appended up to now can be read from disk.</summary>
    public ValueTask MergedAsync() => log.MergedAsync();

    /// <summary>Asks for a turn. Inside the gate.</summary>
    public void Schedule(Instance instance)
    {
        if (instance.Scheduled)
            return;
        instance.Scheduled = true;
        Turns.Post(instance);
    }

    /// <summary>Asks for a turn of an instance that a fault may have stopped. Inside the gate.</summary>
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

    /// <summary>Puts an event into a live instance's inbox and asks for a turn. Inside the gate.</summary>
    public void Deliver(Instance instance, InboxItem item)
    {
        (instance.Inbox ??= new(1)).Add(item);
        Schedule(instance);
    }

    /// <summary>Notes when an instance must be woken. Inside the gate.</summary>
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
