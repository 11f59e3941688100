using System.Text.Json;
using System.Text.Json.Serialization;

namespace Headgate.Contracts.Runs;

public sealed record RunLinks(string Self, string Timeline, string Cancel, string Explain, string Events);

/// <param name="Status"><c>queued</c>, <c>pending</c>, <c>running</c>, <c>completed</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="Tasks">Null in lists.</param>
/// <param name="Position">From 1, among the tenant's queued runs, in the order in which they would start now; null for others.</param>
/// <param name="EstimatedStartAt">Of a queued run; null while nothing is known.</param>
/// <param name="ReplayOf">The run that this one tries again; not in lists.</param>
/// <param name="ReplayedAs">The run that tries this one again.</param>
/// <param name="Schedule">The schedule whose run it is.</param>
/// <param name="RetryBudget">Retries that its tasks may start together; null: as many as each of them may.</param>
/// <param name="RetriesLeft">Of those; not in lists.</param>
public sealed record RunView(
    string RunId,
    string TenantId,
    string Name,
    string Status,
    string Priority,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    RunFailure? Failure,
    JsonElement? Metadata,
    IReadOnlyList<TaskView>? Tasks,
    RunLinks Links,
    int? Position = null,
    DateTimeOffset? EstimatedStartAt = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ReplayOf = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ReplayedAs = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Schedule = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? RetryBudget = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? RetriesLeft = null);

/// <summary>Why a run did not complete: the first task that ended it.</summary>
public sealed record RunFailure(string Code, string Message, string? TaskName = null, string? ErrorCategory = null);

/// <summary>The 202 answer to a submission that got a slot.</summary>
/// <param name="RunId">The run's.</param>
/// <param name="Status"><c>pending</c>; of a replay that was asked for before, as the run is now.</param>
/// <param name="InFlight">The tenant's runs that have a slot.</param>
/// <param name="Limit">How many may.</param>
/// <param name="Links">Where to go on.</param>
/// <param name="RequestId">This request's.</param>
/// <param name="ShadowRefusal">The code under which a shadow limit would have refused it; absent if none would.</param>
public sealed record RunAccepted(
    string RunId,
    string Status,
    int InFlight,
    int Limit,
    RunLinks Links,
    string RequestId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ShadowRefusal = null);

/// <summary>The 202 answer to a submission over the cap that waits for a slot.</summary>
/// <param name="RunId">The run's.</param>
/// <param name="Status"><c>queued</c>.</param>
/// <param name="Position">As of <see cref="RunView"/>.</param>
/// <param name="EstimatedStartAt">As of <see cref="RunView"/>.</param>
/// <param name="InFlight">As of <see cref="RunAccepted"/>.</param>
/// <param name="Limit">As of <see cref="RunAccepted"/>.</param>
/// <param name="Links">Where to go on.</param>
/// <param name="RequestId">This request's.</param>
/// <param name="ShadowRefusal">As of <see cref="RunAccepted"/>.</param>
public sealed record RunQueued(
    string RunId,
    string Status,
    int Position,
    DateTimeOffset? EstimatedStartAt,
    int InFlight,
    int Limit,
    RunLinks Links,
    string RequestId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ShadowRefusal = null);

public sealed record TimelineItem(DateTimeOffset At, string Kind, string? TaskName = null, int? Attempt = null, string? AgentId = null, string? Detail = null);
