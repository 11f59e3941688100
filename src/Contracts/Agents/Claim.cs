using System.Text.Json;

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
    JsonElement? Payload);
