namespace Headgate.Engine.History;

/// <summary>Something the orchestrator asked for. Actions are numbered from 0 in the order asked, anew in each generation.</summary>
internal abstract record ActionEvent(int TaskId) : HistoryEvent
{
    /// <summary>Kind and name, for messages.</summary>
    public string Description => Label.Length == 0 ? Kind : $"{Kind} '{Label}'";

    protected abstract string Kind { get; }

    protected abstract string Label { get; }

    /// <summary>Whether replay asked for the same thing. Inputs and due times may differ; names and numbers may not.</summary>
    public bool SameAs(ActionEvent other) => TaskId == other.TaskId && SameKind(other);

    /// <summary>The description, with the number if only that differs from the other.</summary>
    public string Against(ActionEvent other) => SameKind(other) ? $"{Description} as call {TaskId}" : Description;

    private bool SameKind(ActionEvent other) => GetType() == other.GetType() && string.Equals(Label, other.Label, StringComparison.OrdinalIgnoreCase);
}

internal sealed record ActivityScheduled(int TaskId, string Name, string? Input) : ActionEvent(TaskId)
{
    protected override string Kind => "activity";

    protected override string Label => Name;
}

internal sealed record SubOrchestrationScheduled(int TaskId, string Name, string InstanceId, string? Input) : ActionEvent(TaskId)
{
    protected override string Kind => "sub-orchestration";

    protected override string Label => Name;
}

/// <param name="TaskId">The action's number.</param>
/// <param name="Due">When it fires, by the engine's clock. Differs from the time asked for if the wall clock was set.</param>
internal sealed record TimerSet(int TaskId, DateTime Due) : ActionEvent(TaskId)
{
    protected override string Kind => "timer";

    protected override string Label => "";
}

internal sealed record EventSent(int TaskId, string InstanceId, string Name, string? Payload) : ActionEvent(TaskId)
{
    protected override string Kind => "event";

    protected override string Label => Name;
}
