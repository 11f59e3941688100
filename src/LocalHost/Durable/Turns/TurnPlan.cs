using Headgate.LocalHost.Durable.History;
using Headgate.LocalHost.Durable.Instances;
using Microsoft.DurableTask.Client;

namespace Headgate.LocalHost.Durable.Turns;

/// <summary>What an instance's inbox and clock ask of its next turn.</summary>
internal sealed class TurnPlan
{
    private TurnPlan(InstanceRow row, Generation generation) => (Row, Generation) = (row, generation);

    public InstanceRow Row { get; }

    public Generation Generation { get; }

    /// <summary>Taken from the inbox without reaching the orchestrator: holds, releases, and answers to earlier executions.</summary>
    public List<InboxItem> Settled { get; } = [];

    /// <summary>Taken from the inbox for the orchestrator, in order.</summary>
    public List<InboxItem> Taken { get; } = [];

    /// <summary>Timers that have come due.</summary>
    public List<TimerSet> Fired { get; } = [];

    public bool Suspended { get; private set; }

    public TerminateAsked? Terminate { get; private set; }

    /// <summary>The orchestrator has awaited something that is not durable.</summary>
    public bool ForeignAwait { get; private set; }

    /// <summary>Whether the orchestrator has to run.</summary>
    public bool Runs { get; private set; }

    /// <summary>The log has what became of it.</summary>
    public bool Committed { get; set; }

    /// <summary>Whether there is anything to write.</summary>
    public bool Matters => Runs || Settled.Count > 0;

    /// <summary>Takes what can be taken out of the inbox. Inside the gate; the history must be there.</summary>
    public static TurnPlan Take(Instance instance, DateTimeOffset now)
    {
        var row = instance.Row!;
        var plan = new TurnPlan(row, instance.History!) { Suspended = row.Status == OrchestrationRuntimeStatus.Suspended };
        foreach (var item in instance.Inbox)
            plan.Control(item, row.Execution);
        var begun = plan.Generation.Turns > 0;
        var held = plan.Suspended || plan.Terminate is not null || plan.ForeignAwait || (!begun && instance.NextTimer > now.UtcTicks);
        instance.Inbox.RemoveAll(item => plan.Sort(item, row.Execution, held));
        if (held)
            return plan;
        plan.Fired.AddRange(plan.Generation.Timers.Where(timer => timer.Due <= now.UtcDateTime).OrderBy(timer => timer.Due));
        plan.Runs = !begun || plan.Taken.Count > 0 || plan.Fired.Count > 0;
        return plan;
    }

    /// <summary>A fault came before the log had the turn: the next one finds the inbox as this one did. Inside the gate.</summary>
    public void PutBack(Instance instance)
    {
        if (!Committed && instance.Live && instance.Row!.Execution == Row.Execution)
            instance.Inbox.InsertRange(0, [.. Settled, .. Taken]);
    }

    private void Control(InboxItem item, long execution)
    {
        if (Terminate is not null || (item.Execution != 0 && item.Execution != execution))
            return;
        switch (item.Event)
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

    /// <returns>Whether the item leaves the inbox.</returns>
    private bool Sort(InboxItem item, long execution, bool held)
    {
        var settled = item.Event is SuspendAsked or ResumeAsked or TerminateAsked or ForeignAwaitSeen
            || (item.Execution != 0 && item.Execution != execution);
        if (settled)
            Settled.Add(item);
        else if (!held)
            Taken.Add(item);
        return settled || !held;
    }
}
