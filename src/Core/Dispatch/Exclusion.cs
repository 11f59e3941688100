namespace Headgate.Core.Dispatch;

/// <summary>Why an agent can't get a task. Rules are checked in this order, and an agent is counted at the first that applies.</summary>
public enum ExclusionRule
{
    /// <summary>The task is pinned to another agent.</summary>
    NotPinned,

    /// <summary>It does not take the type.</summary>
    Type,

    /// <summary>It lacks a label with the task's value.</summary>
    Label,

    /// <summary>Its limit for the type is 0.</summary>
    NoSlots,

    Quarantined,

    Draining,

    Offline,

    /// <summary>The task avoids it for now, because it failed there.</summary>
    JustFailed,
}

/// <summary>How many agents a rule keeps from a task.</summary>
/// <param name="Detail">The missing label, as <c>key=value</c>; null for other rules.</param>
public sealed record Exclusion(ExclusionRule Rule, string? Detail, int Agents);
