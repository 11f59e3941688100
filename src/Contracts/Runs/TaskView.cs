using System.Text.Json;
using System.Text.Json.Serialization;

namespace Headgate.Contracts.Runs;

/// <summary>A task as its callers see it.</summary>
/// <param name="Status"><c>waiting</c>, <c>ready</c>, <c>assigned</c>, <c>running</c>, <c>backoff</c>, <c>completed</c>, <c>failed</c>, <c>exhausted</c>, <c>cancelled</c> or <c>skipped</c>.</param>
/// <param name="Resources">Names of what it uses.</param>
/// <param name="Attempt">The last attempt handed out; 0 before the first.</param>
/// <param name="RetriesRemaining">Budget left; a scheduled retry is already taken off.</param>
/// <param name="WaitingFor">In one sentence, what keeps the task from running now; null where nothing does.</param>
public sealed record TaskView(
    string TaskId,
    string RunId,
    string Name,
    string Type,
    string Status,
    IReadOnlyList<string> Needs,
    IReadOnlyList<string> Resources,
    int Attempt,
    int MaxRetries,
    int RetriesRemaining,
    DateTimeOffset? NextRetryAt,
    string? LastErrorCategory,
    string? AgentId,
    string? WaitingFor,
    IReadOnlyList<AttemptView> Attempts,
    JsonElement? Output);

/// <param name="Outcome">Null while it runs; then <c>success</c>, <c>failure</c> or <c>cancelled</c>.</param>
/// <param name="Log">The end of what it printed; only where one task is read, and only if it printed.</param>
public sealed record AttemptView(
    int Attempt,
    string AgentId,
    DateTimeOffset StartedAt,
    DateTimeOffset? FinishedAt,
    string? Outcome,
    string? ErrorCategory,
    string? ErrorMessage,
    int? ExitCode,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Log = null);

/// <summary>A task that ended failed or exhausted, kept until it is replayed or dismissed.</summary>
public sealed record DeadLetterView(string Id, string RunId, string TaskId, string Type, string? ErrorCategory, string? ErrorMessage, int Attempts, DateTimeOffset At);
