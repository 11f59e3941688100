using System.Text.Json;

namespace Headgate.Contracts.Runs;

/// <summary>Where a run is read, followed and cancelled.</summary>
public sealed record RunLinks(string Self, string Timeline, string Cancel);

/// <summary>A run as its callers see it. In lists <paramref name="Tasks"/> is null.</summary>
/// <param name="Status"><c>pending</c>, <c>running</c>, <c>completed</c>, <c>failed</c> or <c>cancelled</c>.</param>
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
    RunLinks Links);

/// <summary>Why a run did not complete: the first task that ended it.</summary>
public sealed record RunFailure(string Code, string Message, string? TaskName = null, string? ErrorCategory = null);

/// <summary>The answer to an admitted submission.</summary>
public sealed record RunAccepted(string RunId, string Status, int InFlight, int Limit, RunLinks Links, string RequestId);

/// <summary>One entry of a run's timeline.</summary>
public sealed record TimelineItem(DateTimeOffset At, string Kind, string? TaskName = null, int? Attempt = null, string? AgentId = null, string? Detail = null);
