using System.Text.Json.Serialization;

namespace Headgate.Functions.Runs;

/// <summary>Which run: input of the orchestration and of its activity. Part of recorded histories; fields may be added, not changed.</summary>
public sealed record RunReference(string TenantId, string RunId)
{
    /// <summary>W3C trace context of the orchestration's start; left out where the run's trace is not recorded.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TraceParent { get; init; }
}

/// <summary>Answer of the activity.</summary>
/// <param name="Ended">Nothing is left to wait for.</param>
/// <param name="WakeAt">UTC; when to look again if no event comes. Null: only an event.</param>
public sealed record NextLook(bool Ended, DateTime? WakeAt);
