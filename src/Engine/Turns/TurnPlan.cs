using Headgate.Engine.History;
using Headgate.Engine.Instances;
using Microsoft.DurableTask.Client;

namespace Headgate.Engine.Turns;

/// <summary>What an instance's inbox and clock ask of its next turn.</summary>
internal sealed class TurnPlan
{
    private TurnPlan(InstanceRow row, Generation generation) => (Row, Generation) = (row, generation);

    public InstanceRow Row { get; }

    public Generation Generation { get; }

    /// <summary>Taken from the inbox without reaching the orchestrator: holds, releases, and answers to earlier executions. Null for none.</summary>
    public List<InboxItem>? Settled { get; private set; }

    /// <summary>Taken from the inbox for the orchestrator, in order; null or empty for none.</summary>
    public List<InboxItem>? Taken { get; private set; }

    /// <summary>Timers that have come due.</summary>
    public TimerSet[] Fired { get; private set; } = [];

    public bool Suspended { get; private set; }

    public TerminateAsked? Terminate { get; private set; }

    /// <summary>The orchestrator has awaited something that is not durable.</summary>
    public bool ForeignAwait { get; private set; }

    /// <summary>Whether the orchestrator has to run.</summary>
    public bool Runs { get; private set; }

    /// <summary>The log has what became of it.</summary>
    public bool Committed { get; set; }

    /// <summary>Whether there is anything to write.</summary>
    public bool Matters => Runs || Settled is not null;

    /// <summary>Takes what can be taken out of the inbox. Inside the gate; the history must be there.</summary>
    public static TurnPlan Take(Instance instance, DateTimeOffset now)
    {
        var row = instance.Row!;
        var plan = new TurnPlan(row, instance.History!) { Suspended = row.Status == OrchestrationRuntimeStatus.Suspended };
        plan.Settle(instance.Inbox);
        var begun = plan.Generation.Turns > 0;
        var held = plan.Suspended || plan.Terminate is not null || plan.ForeignAwait || (!begun && instance.NextTimer > now.UtcTicks);
        if (held)
            return plan;
        (plan.Taken, instance.Inbox) = (instance.Inbox, null);
        if (plan.Generation.Timers.Length > 0)
            plan.Fire(now.UtcDateTime);
        plan.Runs = !begun || plan.Taken is { Count: > 0 } || plan.Fired.Length > 0;
        return plan;
    }

    /// <summary>A fault came before the log had the turn: the next one finds the inbox as this one did. Inside the gate.</summary>
    public void PutBack(Instance instance)
    {
        if (!Committed && instance.Live && instance.Row!.Execution == Row.Execution)
            instance.Inbox = [.. Settled ?? [], .. Taken ?? [], .. instance.Inbox ?? []];
    }

    /// <summary>Takes out of the inbox what never reaches the orchestrator, and does what it says.</summary>
    private void Settle(List<InboxItem>? inbox)
    {
        if (inbox is null)
            return;
        foreach (var item in inbox)
        {
            if (!IsSettled(item))
                continue;
            (Settled ??= []).Add(item);
            if (Terminate is null && !IsStale(item))
                Control(item.Event);
        }

        if (Settled is not null)
            inbox.RemoveAll(IsSettled);
    }

    private bool IsSettled(InboxItem item) =>
        item.Event is SuspendAsked or ResumeAsked or TerminateAsked or ForeignAwaitSeen || IsStale(item);

    private bool IsStale(InboxItem item) => item.Execution != 0 && item.Execution != Row.Execution;

    private void Control(HistoryEvent asked)
    {
        switch (asked)
        {
            case SuspendAsked:
                Suspended = true;
                break;
            case ResumeAsked:
                Suspended = false;
                break;
            case TerminateAsked terminate:
                Terminate = terminate;
                break;
            case ForeignAwaitSeen:
                ForeignAwait = true;
                break;
        }
    }

    private void Fire(DateTime now) => Fired = [.. Generation.Timers.Where(timer => timer.Due <= now).OrderBy(timer => timer.Due)];
}
