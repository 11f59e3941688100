using System.Collections.Concurrent;
using System.Reflection;
using DurableTask.Core;
using DurableTask.Core.History;
using Headgate.TestKit;
using Microsoft.DurableTask.Testing.Sidecar;

namespace Headgate.Durable.Tests.Engine;

/// <summary>
/// The engine's own store, on a clock that is moved by hand: a timer is held back until it is due by that clock, and stored times are the
/// clock's. The clock must stay behind the system's, by which the store itself holds timers back.
/// </summary>
public class ClockedHub : DispatchProxy
{
    /// <summary>The store's own limit is the number of processors; at that limit its dispatcher sleeps for half a second.</summary>
    private const int AtOnce = 10_000;

    private readonly ConcurrentDictionary<string, DateTime> _turns = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _activitiesOut = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ConcurrentQueue<HistoryEvent>> _written = new(StringComparer.Ordinal);
    private readonly InMemoryOrchestrationService _store = new();
    private ManualClock _clock = null!;
    private long _moves;

    /// <summary>Set when the server has released a worker; one that connects before that would be cut off too.</summary>
    public TaskCompletionSource WorkerGone { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private DateTime Now => _clock.GetUtcNow().UtcDateTime;

    public static (ITaskHub Hub, ClockedHub Clocked) Create(ManualClock clock)
    {
        var hub = Create<ITaskHub, ClockedHub>();
        var clocked = (ClockedHub)(object)hub;
        clocked._clock = clock;
        return (hub, clocked);
    }

    /// <summary>When an instance's current turn began.</summary>
    public DateTime TurnOf(string id) => _turns[id];

    /// <summary>All events that an instance's turns wrote, over all generations, oldest first.</summary>
    public IReadOnlyCollection<HistoryEvent> WrittenOf(string id) => _written.GetValueOrDefault(id) ?? [];

    /// <summary>Whether an instance is in a turn, has messages, or has activities out.</summary>
    public bool IsBusy(string id) => IsOrMoves(() => _activitiesOut.GetValueOrDefault(id) > 0 || StoredInstances.IsBusy(_store, id));

    /// <summary>Whether any instance is in a turn or has messages.</summary>
    public bool HasTurns => IsOrMoves(() => StoredInstances.AreBusy(_store));

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        object? Call() => targetMethod!.Invoke(_store, BindingFlags.DoNotWrapExceptions, null, args, null);
        switch (targetMethod!.Name)
        {
            case nameof(IOrchestrationService.LockNextTaskOrchestrationWorkItemAsync):
                return BeginAsync((Task<TaskOrchestrationWorkItem>)Call()!);
            case nameof(IOrchestrationService.CompleteTaskOrchestrationWorkItemAsync):
                return CommitAsync(Call, (OrchestrationRuntimeState)args![1]!, (IList<TaskMessage>)args[2]!, (IList<TaskMessage>)args[3]!, (IList<TaskMessage>)args[4]!, (OrchestrationState)args[6]!);
            case nameof(IOrchestrationService.CompleteTaskActivityWorkItemAsync):
                return AnswerAsync((Task)Call()!, ((TaskActivityWorkItem)args![0]!).TaskMessage.OrchestrationInstance.InstanceId);
            case nameof(IOrchestrationServiceClient.CreateTaskOrchestrationAsync):
                return CreateAsync(Call, (TaskMessage)args![0]!);
            case "get_" + nameof(IOrchestrationService.MaxConcurrentTaskOrchestrationWorkItems) or "get_" + nameof(IOrchestrationService.MaxConcurrentTaskActivityWorkItems):
                return AtOnce;
            default:
                return Call();
        }
    }

    /// <summary>Whether it is so, or something moved meanwhile: a message that moves between two looks is seen by neither.</summary>
    private bool IsOrMoves(Func<bool> busy)
    {
        var moves = Interlocked.Read(ref _moves);
        return busy() || Interlocked.Read(ref _moves) != moves;
    }

    private async Task<TaskOrchestrationWorkItem> BeginAsync(Task<TaskOrchestrationWorkItem> next)
    {
        var item = await next;
        _turns[item.InstanceId] = Now;
        Interlocked.Increment(ref _moves);
        return item;
    }

    private async Task CommitAsync(
        Func<object?> call, OrchestrationRuntimeState state, IList<TaskMessage> activities, IList<TaskMessage> messages, IList<TaskMessage> timers, OrchestrationState status)
    {
        var id = state.OrchestrationInstance!.InstanceId;
        var turn = TurnOf(id);
        foreach (var one in state.NewEvents.Concat(messages.Select(message => message.Event)))
            one.Timestamp = Earlier(one.Timestamp, turn);
        var written = _written.GetOrAdd(id, _ => []);
        foreach (var one in state.NewEvents)
            written.Enqueue(one);
        Stamp(status);
        status.LastUpdatedTime = Now;
        if (activities.Count > 0)
            _activitiesOut.AddOrUpdate(id, activities.Count, (_, count) => count + activities.Count);
        Interlocked.Increment(ref _moves);
        var later = timers.Where(timer => Due(timer) > Now).ToList();
        foreach (var timer in later)
            timers.Remove(timer);
        // Before others see the turn's end, because they may move the clock at once.
        foreach (var timer in later)
            Hold(timer);
        await (Task)call()!;
        foreach (var message in messages.Where(message => message.Event is ExecutionStartedEvent))
            await StampAsync(message.OrchestrationInstance.InstanceId);
    }

    private async Task AnswerAsync(Task taken, string id)
    {
        await taken;
        _activitiesOut.AddOrUpdate(id, 0, (_, count) => count - 1);
        Interlocked.Increment(ref _moves);
    }

    private async Task CreateAsync(Func<object?> call, TaskMessage message)
    {
        message.Event.Timestamp = Now;
        await (Task)call()!;
        await StampAsync(message.OrchestrationInstance.InstanceId);
    }

    private void Hold(TaskMessage timer) =>
        _clock.CreateTimer(_ => _store.SendTaskOrchestrationMessageAsync(timer).GetAwaiter().GetResult(), null, Due(timer) - Now, Timeout.InfiniteTimeSpan);

    private async Task StampAsync(string id)
    {
        if (await _store.GetOrchestrationStateAsync(id, executionId: null) is { } status)
            Stamp(status);
    }

    private void Stamp(OrchestrationState status)
    {
        status.CreatedTime = Earlier(status.CreatedTime, Now);
        status.LastUpdatedTime = Earlier(status.LastUpdatedTime, Now);
    }

    /// <summary>A time of the system's clock is later than any time of the clock that is moved by hand.</summary>
    private static DateTime Earlier(DateTime theirs, DateTime ours) => theirs < ours ? theirs : ours;

    private static DateTime Due(TaskMessage timer) => ((TimerFiredEvent)timer.Event).FireAt;
}
