using System.Text.Json;
using System.Text.Json.Serialization;

namespace Headgate.Contracts.Agents;

/// <param name="Max">1..100.</param>
/// <param name="WaitSeconds">0..30; how long the answer may wait for work.</param>
public sealed record ClaimRequest(int Max, int WaitSeconds = 0);

/// <param name="NextClaimSeconds">Pause before the next claim; 0 for none.</param>
public sealed record ClaimAnswer(IReadOnlyList<ClaimedTask> Tasks, int NextClaimSeconds);

/// <summary>A task handed to an agent. Its result must carry the attempt.</summary>
public sealed record ClaimedTask(
    string TaskId,
    string RunId,
    string TenantId,
    string Type,
    int Attempt,
    DateTimeOffset LeaseUntil,
    int TimeoutSeconds,
    JsonElement? Payload)
{
    /// <summary>W3C trace context of the hand-out, for spans of the agent; left out where the run's trace is not recorded.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Traceparent { get; init; }
}
