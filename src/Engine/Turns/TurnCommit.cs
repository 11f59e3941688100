using Headgate.Engine.History;
using Headgate.Engine.Instances;
using Headgate.Engine.Replay;
using Microsoft.DurableTask.Client;

namespace Headgate.Engine.Turns;

/// <summary>
/// Commits a turn: appends one operation with everything the turn changes, here and at other instances, and then updates memory. A fault
/// before the append changes nothing. A turn of an execution that was replaced meanwhile is dropped.
/// </summary>
internal sealed class TurnCommit
{
    private readonly EngineCore _core;
    private readonly Instance _instance;
    private readonly TurnPlan _plan;
    private readonly InstanceWrite _write;
    private readonly TurnMessages _messages;
    private readonly DateTimeOffset _now;
    private InstanceRow _next;
    private Generation? _history;
    private TurnOutcome? _recorded;
    private List<InboxItem>? _inbox;
    private long? _wakeAt;

    private TurnCommit(EngineCore core, Instance instance, TurnPlan plan, Dictionary<string, Instance>? others)
    {
        (_core, _instance, _plan) = (core, instance, plan);
        _write = new(instance);
        _now = core.Now;
        (_next, _history, _wakeAt) = (plan.Row, instance.History, instance.NextTimer);
        _messages = new(core, instance, plan.Row, _write, others, _now);
    }

    /// <summary>Called outside the gate.</summary>
    /// <param name="core">The engine.</param>
    /// <param name="activities">Gets the activity calls once the turn is appended.</param>
    /// <param name="instance">The turn's instance.</param>
    /// <param name="plan">What the turn took from the inbox.</param>
    /// <param name="outcome">What the orchestrator decided; null if it did not run.</param>
    public static void Apply(EngineCore core, ActivityCalls activities, Instance instance, TurnPlan plan, TurnOutcome? outcome)
    {
        Dictionary<string, Instance>? others = null;
        try
        {
            foreach (var id in Recipients.Of(plan, outcome))
                (others ??= new(StringComparer.Ordinal)).Add(id, core.Instances.Pin(id));

            lock (core.Gate)
            {
                if (instance.Row?.Execution == plan.Row.Execution)
                    new TurnCommit(core, instance, plan, others).Commit(activities, outcome);
            }
        }
        finally
        {
            if (others is not null)
                Unpin(core, others.Values);
        }
    }

    private static void Unpin(EngineCore core, Dictionary<string, Instance>.ValueCollection others)
    {
        lock (core.Gate)
        {
            foreach (var other in others)
                core.Instances.Unpin(other);
        }
    }

    private void Commit(ActivityCalls activities, TurnOutcome? outcome)
    {
        if (_plan.Terminate is { } terminate)
            Terminate(terminate);
        else if (outcome is null)
            Hold();
        else if (outcome.End == TurnEnd.ContinuedAsNew)
            ContinueAsNew(outcome);
        else if (outcome.End == TurnEnd.Waiting)
            Wait(outcome);
        else
            End(outcome);
        _core.Append(_write);
        _plan.Committed = true;
        if (outcome is not null)
            _core.TurnCommitted?.Invoke(_plan.Row, outcome);
        UpdateMemory();
        _messages.Deliver();
        if (_messages.Calls is not null)
        {
            foreach (var call in _messages.Calls)
                activities.Call(_instance, _plan.Row.Execution, call);
        }
    }

    private void UpdateMemory()
    {
        if (_recorded is { } turn)
            _plan.Generation.Add(turn.News, turn.Actions, turn.OpenTimers);
        if (_inbox is not null)
            _instance.Inbox = _inbox;
        _instance.History = _history;
        _core.WakeAt(_instance, _wakeAt);
        _instance.Become(_next);
    }

    /// <summary>The orchestrator did not run: the instance was suspended or resumed, or stale answers were dropped.</summary>
    private void Hold()
    {
        Take(_plan.Withheld);
        Become(_plan.Row with { Status = StatusHeld(), Updated = _now, Due = Due(_plan.Generation.Turns) }, full: false);
    }

    private void Wait(TurnOutcome outcome)
    {
        Record(outcome);
        _messages.Add(outcome.Actions);
        Take(_plan.Withheld);
        Take(_plan.Taken);
        _wakeAt = outcome.OpenTimers.Length == 0 ? null : outcome.OpenTimers.Min(timer => timer.Due).Ticks;
        var row = _plan.Row with
        {
            Status = OrchestrationRuntimeStatus.Running,
            CustomStatus = Status(outcome),
            Updated = _now,
            Due = Due(_plan.Generation.Turns + 1),
        };
        Become(row, full: row.CustomStatus != _plan.Row.CustomStatus);
    }

    private void ContinueAsNew(TurnOutcome outcome)
    {
        _messages.Add(outcome.Actions);
        Take(_plan.Withheld);
        Take(_plan.Taken);
        _write.ForgetHistory();
        var late = (_plan.Taken ?? []).Skip(outcome.News.Count - 1).Where(item => item.Event is EventRaised);
        var handedOn = outcome.HandedOn.Select(raised => new InboxItem(raised.Number, 0, raised)).Concat(late).ToList();
        foreach (var item in handedOn)
            _write.Send(_instance, item);
        (_inbox, _history, _wakeAt) = ([.. handedOn, .. _instance.Inbox ?? []], new(), null);
        var row = _plan.Row with
        {
            Execution = _core.NextNumber(),
            Input = outcome.Output,
            CustomStatus = Status(outcome),
            Updated = _now,
            Due = InstanceRow.AtOnce,
        };
        Become(row, full: true);
    }

    private void End(TurnOutcome outcome)
    {
        Record(outcome);
        _messages.Add(outcome.Actions);
        var failed = outcome.End == TurnEnd.Failed;
        var row = _plan.Row with
        {
            Status = failed ? OrchestrationRuntimeStatus.Failed : OrchestrationRuntimeStatus.Completed,
            Output = outcome.Output,
            Failure = outcome.Failure,
            CustomStatus = Status(outcome),
            Updated = _now,
            Due = null,
        };
        if (failed)
            DurableLog.InstanceFailed(_core.Logger, row.Name, row.Id, outcome.Failure!.ErrorType, outcome.Failure.ErrorMessage);
        Finish(row);
        if (row.Parent is { } parent)
            Answer(parent, failed ? new TaskFailed(parent.TaskId, outcome.Failure!) : new TaskSucceeded(parent.TaskId, outcome.Output));
    }

    private void Terminate(TerminateAsked asked)
    {
        if (asked.Recursive)
        {
            foreach (var child in _plan.Generation.Unanswered<SubOrchestrationScheduled>())
                _messages.Send(child.InstanceId, 0, asked);
        }

        Finish(_plan.Row with { Status = OrchestrationRuntimeStatus.Terminated, Output = asked.Output, Updated = _now, Due = null });
        if (_plan.Row.Parent is { } parent)
            Answer(parent, new TaskFailed(parent.TaskId, Failures.Terminated(_plan.Row.Name, _plan.Row.Id)));
    }

    private void Answer(ParentLink parent, HistoryEvent answer) => _messages.Send(parent.InstanceId, parent.Execution, answer);

    private void Finish(InstanceRow row)
    {
        if (OnDisk(_plan.Withheld) || OnDisk(_plan.Taken) || OnDisk(_instance.Inbox))
            _write.ClearInbox();
        (_inbox, _history, _wakeAt) = ([], null, null);
        Become(row, full: true);
    }

    private static bool OnDisk(List<InboxItem>? items) => items is not null && items.Exists(item => item.Number != 0);

    private void Record(TurnOutcome outcome)
    {
        if (outcome.News.Count == 0)
            return;
        _write.Turn(_plan.Generation.Turns, HistoryCodec.Encode(outcome.News, outcome.Actions));
        _recorded = outcome;
    }

    /// <summary>Deletes items from the inbox on disk.</summary>
    private void Take(List<InboxItem>? items)
    {
        if (items is null)
            return;
        foreach (var item in items)
        {
            if (item.Number != 0)
                _write.Take(item.Number);
        }
    }

    private void Become(InstanceRow row, bool full)
    {
        _next = row;
        _write.Progress(row, full);
    }

    /// <param name="turns">Turns in the history after this one.</param>
    private long? Due(int turns) => (turns == 0 && _wakeAt is null)
        || _instance.ActivitiesOut > 0
        || _messages.Calls is not null
        || (_instance.Inbox is { } inbox && inbox.Exists(item => item.Number == 0))
            ? InstanceRow.AtOnce
            : _wakeAt;

    private OrchestrationRuntimeStatus StatusHeld() => _plan switch
    {
        { Suspended: true } => OrchestrationRuntimeStatus.Suspended,
        { Generation.Turns: 0 } => OrchestrationRuntimeStatus.Pending,
        _ => OrchestrationRuntimeStatus.Running,
    };

    private string? Status(TurnOutcome outcome) => outcome.StatusSet ? outcome.CustomStatus : _plan.Row.CustomStatus;
}
