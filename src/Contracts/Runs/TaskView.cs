using System.Text.Json;
using System.Text.Json.Serialization;

namespace Headgate.Contracts.Runs;

/// <param name="Status"><c>waiting</c>, <c>ready</c>, <c>assigned</c>, <c>running</c>, <c>backoff</c>, <c>completed</c>, <c>failed</c>, <c>exhausted</c>, <c>cancelled</c> or <c>skipped</c>.</param>
/// <param name="Resources">Names of the resources that it uses.</param>
/// <param name="Attempt">The last attempt handed out; 0 before the first.</param>
/// <param name="RetriesRemaining">A scheduled retry is already subtracted.</param>
/// <param name="WaitingFor">A sentence that says what the task waits for; null if it doesn't wait.</param>
/// <param name="CarriedFrom">The run in which it completed, if this run replays another and did not run it again.</param>
/// <param name="Progress">As its agent last told in a heartbeat; null if it told nothing, or no agent holds the task.</param>
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
    TaskProgress? Progress,
    IReadOnlyList<AttemptView> Attempts,
    JsonElement? Output,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? CarriedFrom = null);

/// <param name="Outcome">Null while it runs; then <c>success</c>, <c>failure</c> or <c>cancelled</c>.</param>
/// <param name="Log">The end of its output, if it has any; only when a single task is read.</param>
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

/// <summary>A task that failed or is exhausted, kept until it is replayed or dismissed.</summary>
public sealed record DeadLetterView(string Id, string RunId, string TaskId, string Type, string? ErrorCategory, string? ErrorMessage, int Attempts, DateTimeOffset At);
