namespace Headgate.Engine.History;

/// <summary>Something the orchestrator asked for. Actions are numbered from 0 in the order they were asked, in each generation anew.</summary>
internal abstract record ActionEvent(int TaskId) : HistoryEvent
{
    /// <summary>Kind and name, for people.</summary>
    public string Description => Label.Length == 0 ? Kind : $"{Kind} '{Label}'";

    protected abstract string Kind { get; }

    protected abstract string Label { get; }

    /// <summary>Whether replay asked for the same thing. Inputs and due times may differ, names and places may not.</summary>
    public bool SameAs(ActionEvent other) => TaskId == other.TaskId && SameKind(other);

    /// <summary>The description, with what sets it apart from the other.</summary>
    public string Against(ActionEvent other) => SameKind(other) ? $"{Description} as call {TaskId}" : Description;

    private bool SameKind(ActionEvent other) => GetType() == other.GetType() && string.Equals(Label, other.Label, StringComparison.OrdinalIgnoreCase);
}

/// <summary>An activity was called.</summary>
internal sealed record ActivityScheduled(int TaskId, string Name, string? Input) : ActionEvent(TaskId)
{
    protected override string Kind => "activity";

    protected override string Label => Name;
}

/// <summary>A sub-orchestration was called.</summary>
internal sealed record SubOrchestrationScheduled(int TaskId, string Name, string InstanceId, string? Input) : ActionEvent(TaskId)
{
    protected override string Kind => "sub-orchestration";

    protected override string Label => Name;
}

/// <summary>A timer was set.</summary>
/// <param name="TaskId">Its number.</param>
/// <param name="Due">When it rings, by the engine's clock; that differs from the time asked for where the clock on the wall was set.</param>
internal sealed record TimerSet(int TaskId, DateTime Due) : ActionEvent(TaskId)
{
    protected override string Kind => "timer";

    protected override string Label => "";
}

/// <summary>An event was sent to another instance.</summary>
internal sealed record EventSent(int TaskId, string InstanceId, string Name, string? Payload) : ActionEvent(TaskId)
{
    protected override string Kind => "event";

    protected override string Label => Name;
}
