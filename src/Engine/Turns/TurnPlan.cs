using Headgate.Engine.History;
using Headgate.Engine.Instances;
using Microsoft.DurableTask.Client;

namespace Headgate.Engine.Turns;

/// <summary>What an instance's next turn has to do, by its inbox and the time.</summary>
internal sealed class TurnPlan
{
    private TurnPlan(InstanceRow row, Generation generation) => (Row, Generation) = (row, generation);

    public InstanceRow Row { get; }

    public Generation Generation { get; }

    /// <summary>Taken from the inbox but kept from the orchestrator: suspend, resume, terminate, reports of foreign awaits, and answers to earlier executions. Null if none.</summary>
    public List<InboxItem>? Withheld { get; private set; }

    /// <summary>Taken from the inbox for the orchestrator, in order; null or empty if none.</summary>
    public List<InboxItem>? Taken { get; private set; }

    public TimerSet[] Fired { get; private set; } = [];

    public bool Suspended { get; private set; }

    public TerminateAsked? Terminate { get; private set; }

    /// <summary>The orchestrator awaited something that is not durable.</summary>
    public bool ForeignAwait { get; private set; }

    /// <summary>Whether the orchestrator has to run.</summary>
    public bool Runs { get; private set; }

    /// <summary>The turn is appended to the log.</summary>
    public bool Committed { get; set; }

    /// <summary>Whether there is anything to write.</summary>
    public bool Matters => Runs || Withheld is not null;

    /// <summary>Takes what the turn can use from the inbox. Called inside the gate, with the history read.</summary>
    public static TurnPlan Take(Instance instance, DateTimeOffset now)
    {
        var row = instance.Row!;
        var plan = new TurnPlan(row, instance.History!) { Suspended = row.Status == OrchestrationRuntimeStatus.Suspended };
        plan.Withhold(instance.Inbox);
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

    /// <summary>Restores the inbox if a fault came before the turn was appended. Called inside the gate.</summary>
    public void PutBack(Instance instance)
    {
        if (!Committed && instance.Live && instance.Row!.Execution == Row.Execution)
            instance.Inbox = [.. Withheld ?? [], .. Taken ?? [], .. instance.Inbox ?? []];
    }

    private void Withhold(List<InboxItem>? inbox)
    {
        if (inbox is null)
            return;
        foreach (var item in inbox)
        {
            if (!IsWithheld(item))
                continue;
            (Withheld ??= []).Add(item);
            if (Terminate is null && !IsStale(item))
                Control(item.Event);
        }

        if (Withheld is not null)
            inbox.RemoveAll(IsWithheld);
    }

    private bool IsWithheld(InboxItem item) =>
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
