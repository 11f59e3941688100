using System.Text.Json;
using System.Text.Json.Serialization;

namespace Headgate.Contracts.Runs;

public sealed record RunLinks(string Self, string Timeline, string Cancel, string Explain);

/// <param name="Status"><c>pending</c>, <c>running</c>, <c>completed</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="Tasks">Null in lists.</param>
/// <param name="ReplayOf">The run that this one tries again; not in lists.</param>
/// <param name="ReplayedAs">The run that tries this one again.</param>
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
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ReplayOf = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ReplayedAs = null);

/// <summary>Why a run did not complete: the first task that ended it.</summary>
public sealed record RunFailure(string Code, string Message, string? TaskName = null, string? ErrorCategory = null);

/// <summary>The 202 answer to a submission.</summary>
public sealed record RunAccepted(string RunId, string Status, int InFlight, int Limit, RunLinks Links, string RequestId);

public sealed record TimelineItem(DateTimeOffset At, string Kind, string? TaskName = null, int? Attempt = null, string? AgentId = null, string? Detail = null);
