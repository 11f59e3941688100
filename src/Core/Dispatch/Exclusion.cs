namespace Headgate.Core.Dispatch;

/// <summary>Why an agent can't be given a task, in the order in which the rules are looked at: an agent is counted at the first.</summary>
public enum ExclusionRule
{
    /// <summary>The task is pinned to another.</summary>
    NotPinned,

    /// <summary>It does not take the type.</summary>
    Type,

    /// <summary>It does not carry a label, with its value.</summary>
    Label,

    /// <summary>Its settings leave the type no slot.</summary>
    NoSlots,

    Quarantined,

    Draining,

    /// <summary>It has been silent for longer than a lease.</summary>
    Offline,

    /// <summary>It failed the task a moment ago, and others may try first.</summary>
    JustFailed,
}

/// <summary>How many agents a rule keeps from a task.</summary>
/// <param name="Detail">The label that is lacking, as <c>key=value</c>; null for all other rules.</param>
public sealed record Exclusion(ExclusionRule Rule, string? Detail, int Agents);
