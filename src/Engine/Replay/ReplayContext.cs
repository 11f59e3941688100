using Headgate.Engine.History;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Entities;
using Microsoft.Extensions.Logging;

namespace Headgate.Engine.Replay;

/// <summary>The orchestrator's context in one turn: numbers and collects what it asks for, and hands it the answers of the history.</summary>
internal sealed class ReplayContext(TurnRequest request, ReplayScheduler scheduler) : TaskOrchestrationContext
{
    private readonly Dictionary<int, IDurablePromise> _open = [];
    private readonly ExternalEvents _events = new(request.Converter);
    private int _nextTaskId;
    private int _guids;
    private DateTime _time;
    private bool _replaying = true;
    private bool _keepsEvents;

    public override TaskName Name { get; } = new(request.Name);

    public override string InstanceId => request.InstanceId;

    public override ParentOrchestrationInstance? Parent => request.Parent;

    public override DateTime CurrentUtcDateTime => _time;

    public override bool IsReplaying => _replaying;

    public override TaskOrchestrationEntityFeature Entities => throw Unsupported.Entities();

    /// <summary>Actions not yet matched with the history; after the turn, the new ones.</summary>
    public Queue<ActionEvent> Asked { get; } = new();

    /// <summary>Whether an event could still wake the orchestrator.</summary>
    public bool CanWake => _open.Count > 0 || _events.Awaited;

    /// <summary>Whether an activity, sub-orchestration or timer has not ended.</summary>
    public bool HasOpenTasks
    {
        get
        {
            foreach (var (_, promise) in _open)
            {
                if (promise.IsOpen)
                    return true;
            }

            return false;
        }
    }

    public TimerSet[] OpenTimers
    {
        get
        {
            List<TimerSet>? timers = null;
            foreach (var (_, promise) in _open)
            {
                if (promise is TimerPromise { IsOpen: true, Timer: var timer })
                    (timers ??= []).Add(timer);
            }

            return timers?.ToArray() ?? [];
        }
    }

    public bool StatusSet { get; private set; }

    public string? CustomStatus { get; private set; }

    public bool ContinuesAsNew { get; private set; }

    public string? NextInput { get; private set; }

    /// <summary>Events for the next generation.</summary>
    public IReadOnlyList<EventRaised> HandedOn => _keepsEvents ? _events.Kept : [];

    protected override ILoggerFactory LoggerFactory => request.Loggers;

    public void StartTurn(DateTime time, bool replaying)
    {
        _time = time;
        _replaying = replaying;
    }

    /// <summary>Replaces an open timer by the recorded one.</summary>
    public void Recorded(TimerSet timer)
    {
        if (_open.TryGetValue(timer.TaskId, out var promise) && promise is TimerPromise open)
            open.Timer = timer;
    }

    /// <summary>Hands an event to the task or waiter it is for. An answer to nothing open is ignored.</summary>
    public void Deliver(HistoryEvent one)
    {
        switch (one)
        {
            case TaskSucceeded answer when _open.Remove(answer.TaskId, out var promise):
                promise.Succeed(answer.Result, request.Converter);
                break;
            case TaskFailed answer when _open.Remove(answer.TaskId, out var promise):
                promise.Fail(answer.Failure);
                break;
            case TimerFired fired when _open.Remove(fired.TaskId, out var promise):
                promise.Succeed(null, request.Converter);
                break;
            case EventRaised raised:
                _events.Raise(raised);
                break;
        }

        scheduler.Drain();
    }

    public override T? GetInput<T>()
        where T : default => request.Input is null ? default : request.Converter.Deserialize<T>(request.Input);

    public override Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        Check(input, options);
        return options?.Retry is { } retry
            ? RetryLoop.Run(this, retry, static call => call.Context.CallActivity<TResult>(call.Name, call.Input), (Context: this, Name: name, Input: input))
            : CallActivity<TResult>(name, input);
    }

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, object? input = null, TaskOptions? options = null)
    {
        Check(input, options);
        return options?.Retry is { } retry ? RetryLoop.Run(this, retry, static call => call(), Call) : Call();
        Task<TResult> Call()
        {
            var instanceId = (options as SubOrchestrationOptions)?.InstanceId ?? NewGuid().ToString("N");
            return Ask<TResult>(orchestratorName, new SubOrchestrationScheduled(_nextTaskId++, orchestratorName, instanceId, Text(input)));
        }
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        scheduler.RequireTurn();
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled(cancellationToken);
        var timer = new TimerPromise(new(_nextTaskId++, Due(fireAt.ToUniversalTime())));
        Note(timer);
        if (cancellationToken.CanBeCanceled)
            cancellationToken.Register(() => Cancel(timer, cancellationToken));
        return timer.Task;
    }

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        scheduler.RequireTurn();
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        return _events.Wait<T>(eventName, cancellationToken);
    }

    public override void SendEvent(string instanceId, string eventName, object payload)
    {
        scheduler.RequireTurn();
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        Asked.Enqueue(new EventSent(_nextTaskId++, instanceId, eventName, Text(payload)));
    }

    public override void SetCustomStatus(object? customStatus)
    {
        scheduler.RequireTurn();
        CustomStatus = Text(customStatus);
        StatusSet |= !_replaying;
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true)
    {
        scheduler.RequireTurn();
        ContinuesAsNew = true;
        NextInput = request.Converter.Serialize(newInput);
        _keepsEvents = preserveUnprocessedEvents;
    }

    public override void ContinueAsNew(ContinueAsNewOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Unsupported.RefuseVersion(options.NewVersion);
        ContinueAsNew(options.NewInput, options.PreserveUnprocessedEvents);
    }

    public override Guid NewGuid()
    {
        scheduler.RequireTurn();
        return DeterministicGuid.Of(InstanceId, _time, _guids++);
    }

    private static void Check(object? input, TaskOptions? options)
    {
        if (input is TaskOptions && options is null)
            throw new ArgumentException("The options were passed as the input; pass them as options.", nameof(input));
        Unsupported.RefuseVersion(options);
    }

    private Task<T> CallActivity<T>(TaskName name, object? input) => Ask<T>(name, new ActivityScheduled(_nextTaskId++, name, InputText(input)));

    private Task<T> Ask<T>(string name, ActionEvent action)
    {
        scheduler.RequireTurn();
        var promise = new TaskPromise<T>(name, action);
        Note(promise);
        return promise.Task;
    }

    /// <summary>When a timer is due by the engine's clock. A time before the orchestrator's time is taken as a wall-clock time, since the wall may have been set back.</summary>
    private DateTime Due(DateTime asked)
    {
        var ahead = asked < _time ? request.AheadOfWall + request.EngineAhead : request.EngineAhead;
        return new(Math.Clamp(asked.Ticks + ahead.Ticks, 0, DateTime.MaxValue.Ticks), DateTimeKind.Utc);
    }

    private void Note(IDurablePromise promise)
    {
        _open.Add(promise.Action.TaskId, promise);
        Asked.Enqueue(promise.Action);
    }

    private void Cancel(TimerPromise timer, CancellationToken cancellation)
    {
        if (scheduler.OnTurn)
            _open.Remove(timer.Action.TaskId);
        timer.TrySetCanceled(cancellation);
    }

    /// <summary>Shares one string if an activity gets the orchestration's own input: an idle instance keeps both.</summary>
    private string? InputText(object? input)
    {
        var text = Text(input);
        return text == request.Input ? request.Input : text;
    }

    /// <summary>Serializes a value. Null on replay, where the history has it, unless the request says otherwise.</summary>
    private string? Text(object? value) => _replaying && !request.WritesInputs ? null : request.Converter.Serialize(value);
}
