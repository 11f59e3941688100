using System.Text.Json;
using System.Text.Json.Serialization;

namespace Headgate.Contracts.Agents;

/// <summary>How an attempt ended.</summary>
/// <param name="Status"><c>success</c>, <c>failure</c>, <c>cancelled</c>, or <c>released</c>: given back without starting it, which costs no retry.</param>
/// <param name="ErrorCategory">Used if it is a known class; else the server classifies by exit code and text.</param>
/// <param name="Log">The end of the task's output.</param>
/// <param name="RetryAfterSeconds">0..86400; the pause that a resource of the task asked for.</param>
/// <param name="Output">Free JSON, shown with the task.</param>
public sealed record TaskResult(
    string TaskId,
    int Attempt,
    string Status,
    double DurationSeconds,
    string? ErrorCategory = null,
    string? ErrorMessage = null,
    int? ExitCode = null,
    string? Log = null,
    JsonElement? Output = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? RetryAfterSeconds = null);

/// <summary>Up to 100 results, each handled on its own.</summary>
public sealed record TaskResultsRequest(IReadOnlyList<TaskResult> Results);

/// <param name="Outcome"><c>completed</c>, <c>retry</c>, <c>failed</c>, <c>exhausted</c> or <c>cancelled</c>.</param>
public sealed record TaskResultAnswer(string Outcome, DateTimeOffset? NextRetryAt = null);

/// <summary>The answer to one result of a batch: an outcome, or the code and error of its refusal.</summary>
public sealed record TaskResultEntry(string TaskId, int Attempt, string? Outcome, DateTimeOffset? NextRetryAt = null, string? Code = null, string? Error = null);

public sealed record TaskResultsAnswer(IReadOnlyList<TaskResultEntry> Results);
