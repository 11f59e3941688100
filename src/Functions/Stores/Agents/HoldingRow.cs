using Headgate.Contracts;
using Headgate.Contracts.Agents;
using Headgate.Core.Failures;
using Headgate.Core.Runs;
using Headgate.Functions.Stores.Runs;
using Headgate.Ports;
using TaskStatus = Headgate.Core.Runs.TaskStatus;

namespace Headgate.Functions.Stores.Agents;

/// <summary>A task in an agent's partition: held, or in backoff after this agent ran it last.</summary>
/// <param name="NextRetryAt">Set while in backoff; then the agent holds nothing of it.</param>
/// <param name="Missed">Successive heartbeats that did not list it.</param>
/// <param name="Confirmed">A heartbeat has listed it.</param>
public sealed record Holding(
    string AgentId,
    string TaskId,
    string TenantId,
    string Type,
    int Attempt,
    int MaxRetries,
    int RetriesGranted,
    DateTimeOffset? NextRetryAt = null,
    string? ErrorCategory = null,
    int Missed = 0,
    bool Confirmed = false,
    string? ETag = null)
{
    /// <summary>When the attempt was handed out; null in rows that older builds wrote.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>As the agent last told; null if it told nothing of this attempt.</summary>
    public TaskProgress? Progress { get; init; }

    public bool IsHeld => NextRetryAt is null;

    /// <summary>The row that mirrors a task which is held or in backoff.</summary>
    public static Holding Of(TaskRecord task) => new(
        task.State.AgentId ?? throw new InvalidOperationException($"Task '{task.TaskId}' has no agent."),
        task.TaskId,
        task.TenantId,
        task.Type,
        task.State.Attempt,
        task.State.Policy.MaxRetries,
        task.State.RetriesGranted,
        task.State.Status == TaskStatus.Backoff ? task.State.NextRetryAt : null,
        task.State.LastErrorClass?.WireName())
    {
        Since = task.State.AssignedAt,
    };
}

public static class HoldingRow
{
    internal const string NextRetryColumn = "nextRetryAt";
    internal const string SinceColumn = "since";

    public static TableRow Write(Holding holding) => new(
        holding.AgentId,
        RowKeys.Holding(holding.TaskId),
        new Columns(13)
        {
            { "tenantId", holding.TenantId },
            { "type", holding.Type },
            { "attempt", holding.Attempt },
            { "maxRetries", holding.MaxRetries },
            { "retriesGranted", holding.RetriesGranted },
            { NextRetryColumn, holding.NextRetryAt },
            { "errorCategory", holding.ErrorCategory },
            { "missed", holding.Missed == 0 ? null : holding.Missed },
            { "confirmed", holding.Confirmed ? true : null },
            { SinceColumn, holding.Since },
            { "progressPercent", holding.Progress?.Percent },
            { "progressBytes", holding.Progress?.Bytes },
            { "progressFiles", holding.Progress?.Files },
        },
        holding.ETag);

    /// <summary>Of a row that may be any of the agent's.</summary>
    public static DateTimeOffset? NextRetryAt(TableRow row) =>
        row.RowKey.StartsWith(RowKeys.HoldingPrefix, StringComparison.Ordinal) ? row.Columns.Time(NextRetryColumn) : null;

    public static Holding Read(TableRow row) => new(
        row.PartitionKey,
        row.RowKey[RowKeys.HoldingPrefix.Length..],
        row.Columns.Required("tenantId"),
        row.Columns.Required("type"),
        row.Columns.Int("attempt") ?? 0,
        row.Columns.Int("maxRetries") ?? 0,
        row.Columns.Int("retriesGranted") ?? 0,
        NextRetryAt(row),
        row.Columns.String("errorCategory"),
        row.Columns.Int("missed") ?? 0,
        row.Columns.Flag("confirmed"),
        row.ETag)
    {
        Since = row.Columns.Time(SinceColumn),
        Progress = ProgressOf(row.Columns),
    };

    private static TaskProgress? ProgressOf(Columns columns)
    {
        var progress = new TaskProgress(columns.Double("progressPercent"), columns.Long("progressBytes"), columns.Long("progressFiles"));
        return progress is { Percent: null, Bytes: null, Files: null } ? null : progress;
    }
}
