using Headgate.Ports;

namespace Headgate.Functions.Stores.Runs;

/// <summary>A settled attempt. Written once, in the transaction that moves its task, and never changed: the first outcome stands.</summary>
/// <param name="Outcome"><c>success</c>, <c>failure</c>, <c>cancelled</c> or <see cref="Released"/>.</param>
/// <param name="ByServer">The server judged it (lease, timeout, cancellation): a late result of the agent is refused.</param>
/// <param name="Answer">What the agent was told: <c>completed</c>, <c>retry</c>, <c>failed</c>, <c>exhausted</c> or <c>cancelled</c>.</param>
/// <param name="Log">The end of its output, at most 30 Ki characters.</param>
public sealed record AttemptRecord(
    string TaskName,
    int Attempt,
    string AgentId,
    DateTimeOffset StartedAt,
    DateTimeOffset FinishedAt,
    string Outcome,
    bool ByServer,
    string Answer,
    string? ErrorCategory = null,
    string? ErrorMessage = null,
    int? ExitCode = null,
    double? DurationSeconds = null,
    DateTimeOffset? NextRetryAt = null,
    string? Log = null)
{
    /// <summary>It was never started, and cost no retry.</summary>
    public const string Released = "released";
}

public static class AttemptRow
{
    public static TableRow Write(string runId, AttemptRecord attempt) => new(
        runId,
        RowKeys.Attempt(attempt.TaskName, attempt.Attempt),
        new Columns(14)
        {
            { "agentId", attempt.AgentId },
            { "startedAt", attempt.StartedAt },
            { "finishedAt", attempt.FinishedAt },
            { "outcome", attempt.Outcome },
            { "byServer", attempt.ByServer ? true : null },
            { "answer", attempt.Answer },
            { "errorCategory", attempt.ErrorCategory },
            { "errorMessage", attempt.ErrorMessage },
            { "exitCode", attempt.ExitCode },
            { "durationSeconds", attempt.DurationSeconds },
            { "nextRetryAt", attempt.NextRetryAt },
            { "log", attempt.Log },
        });

    public static AttemptRecord Read(TableRow row)
    {
        var columns = row.Columns;
        var colon = row.RowKey.LastIndexOf(':');
        return new AttemptRecord(
            row.RowKey[RowKeys.AttemptPrefix.Length..colon],
            int.Parse(row.RowKey.AsSpan(colon + 1)),
            columns.Required("agentId"),
            columns.Time("startedAt") ?? default,
            columns.Time("finishedAt") ?? default,
            columns.Required("outcome"),
            columns.Flag("byServer"),
            columns.Required("answer"),
            columns.String("errorCategory"),
            columns.String("errorMessage"),
            columns.Int("exitCode"),
            columns.Double("durationSeconds"),
            columns.Time("nextRetryAt"),
            columns.String("log"));
    }
}
