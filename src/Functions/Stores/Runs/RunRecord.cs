using System.Text.Json;
using Headgate.Core.Runs;
using Headgate.Ports;

namespace Headgate.Functions.Stores.Runs;

/// <summary>Where a run came from; all origins pass the same gate.</summary>
public static class RunOrigin
{
    public const string Api = "api";
    public const string Gateway = "gateway";
    public const string Replay = "replay";
    public const string Schedule = "schedule";
}

/// <summary>A run's row. Immutable: changes give a new record under the ETag that was read.</summary>
public sealed record RunRecord(TableRow Row)
{
    private Columns Columns => Row.Columns;

    public string TenantId => Row.PartitionKey;

    public string RunId => Row.RowKey[RowKeys.RunPrefix.Length..];

    public string Name => Columns.Required("name");

    public RunStatus Status => RunStatuses.TryParse(Columns.String("status"), out var status)
        ? status
        : throw new InvalidDataException($"Run '{RunId}' has no known status.");

    public string Priority => Columns.String("priority") ?? TaskPriority.Normal.WireName();

    /// <summary>The tenant's share when the run was admitted.</summary>
    public int Weight => Columns.Int("weight") ?? 1;

    public string Origin => Columns.String("origin") ?? RunOrigin.Api;

    /// <summary>The schedule whose run it is; null if it is none's.</summary>
    public string? Schedule => Columns.String("schedule");

    public DateTimeOffset CreatedAt => Columns.Time("createdAt") ?? throw new InvalidDataException($"Run '{RunId}' has no time.");

    /// <summary>When it went to wait for a slot; null where it got one at once.</summary>
    public DateTimeOffset? QueuedAt => Columns.Time("queuedAt");

    /// <summary>When it took its slot after it had waited for one.</summary>
    public DateTimeOffset? SlotAt => Columns.Time("slotAt");

    /// <summary>When it took its slot: with its creation, unless it had to wait for one.</summary>
    public DateTimeOffset SlotSince => SlotAt ?? CreatedAt;

    /// <summary>The ledger's transition with which it took its slot; null in rows of older builds, and while it waits.</summary>
    public long? SlotTransition => Columns.Long("slotTransition");

    /// <summary>How many slots its tenant had then.</summary>
    public int? SlotLimit => Columns.Int("slotLimit");

    /// <summary>The ledger's transition with which it gave its slot back.</summary>
    public long? EndTransition => Columns.Long("endTransition");

    public DateTimeOffset? StartedAt => Columns.Time("startedAt");

    public DateTimeOffset? FinishedAt => Columns.Time("finishedAt");

    public DateTimeOffset? CancelRequestedAt => Columns.Time("cancelRequestedAt");

    public string? CancelledBy => Columns.String("cancelledBy");

    public string? FailedTask => Columns.String("failedTask");

    public string? FailureCode => Columns.String("failureCode");

    public string? FailureMessage => Columns.String("failureMessage");

    public string? FailureCategory => Columns.String("failureCategory");

    /// <summary>The run that tries this one again.</summary>
    public string? ReplayedAs => Columns.String("replayedAs");

    /// <summary>The replay of many that this was part of.</summary>
    public string? ReplayedBy => Columns.String("replayedBy");

    public DateTimeOffset? ReplayedAt => Columns.Time("replayedAt");

    public string? TraceParent => Columns.String("traceParent");

    /// <summary>Retries that its tasks may start together; null: as many as each of them may.</summary>
    public int? RetryBudget => Columns.Int("retryBudget");

    public RunState State => new(Status, CancelRequestedAt, RetryBudget);

    public RunDefinition Definition() =>
        JsonSerializer.Deserialize(StoredBody.Read(Columns), StoredJson.Default.RunDefinition)
        ?? throw new InvalidDataException($"Run '{RunId}' has an empty body.");

    public static RunRecord Create(string tenantId, string runId, RunDefinition definition, int weight, string origin, string? traceParent, DateTimeOffset now, RunStatus status = RunStatus.Pending)
    {
        var columns = new Columns(10)
        {
            { "name", definition.Name },
            { "status", status.WireName() },
            { "priority", definition.Priority },
            { "weight", weight },
            { "origin", origin },
            { "schedule", definition.Schedule },
            { "createdAt", now },
            { "queuedAt", status == RunStatus.Queued ? now : null },
            { "traceParent", traceParent },
            { "retryBudget", definition.RetryBudget },
        };
        StoredBody.Write(columns, JsonSerializer.SerializeToUtf8Bytes(definition, StoredJson.Default.RunDefinition));
        return new RunRecord(new TableRow(tenantId, RowKeys.Run(runId), columns));
    }

    /// <summary>Waits no more: it has a slot.</summary>
    public RunRecord TookSlot(DateTimeOffset now) => With(new Columns(Columns)
    {
        ["status"] = Moved(RunStatus.Pending),
        ["slotAt"] = now,
    });

    /// <param name="transition">The ledger's.</param>
    /// <param name="limit">The tenant's slots.</param>
    public RunRecord WithSlot(long transition, int limit) => With(new Columns(Columns)
    {
        ["slotTransition"] = transition,
        ["slotLimit"] = limit,
    });

    /// <param name="transition">The ledger's.</param>
    public RunRecord WithoutSlot(long transition) => With(new Columns(Columns)
    {
        ["endTransition"] = transition,
    });

    public RunRecord Started(DateTimeOffset now) => With(new Columns(Columns)
    {
        ["status"] = Moved(RunStatus.Running),
        ["startedAt"] = now,
    });

    public RunRecord CancelRequested(string actor, DateTimeOffset now) => With(new Columns(Columns)
    {
        ["cancelRequestedAt"] = now,
        ["cancelledBy"] = actor,
    });

    /// <param name="runId">The run that tries it again.</param>
    /// <param name="by">The replay of many; null if it was alone.</param>
    /// <param name="now">The time.</param>
    public RunRecord Replayed(string runId, string? by, DateTimeOffset now)
    {
        var columns = new Columns(Columns)
        {
            ["replayedAs"] = runId,
            ["replayedAt"] = now,
        };
        if (by is not null)
            columns["replayedBy"] = by;
        return With(columns);
    }

    /// <param name="cause">The first task that kept the run from completing, if any.</param>
    public RunRecord Finished(RunStatus status, TaskRecord? cause, DateTimeOffset now)
    {
        var columns = new Columns(Columns)
        {
            ["status"] = Moved(status),
            ["finishedAt"] = now,
        };
        if (cause is not null)
        {
            columns["failedTask"] = cause.Name;
            columns["failureCode"] = $"task-{cause.State.Status.WireName()}";
            columns["failureMessage"] = cause.State.LastErrorMessage ?? $"Task '{cause.Name}' ended {cause.State.Status.WireName()}.";
            columns["failureCategory"] = cause.State.LastErrorClass is { } failure ? Core.Failures.FailureClasses.WireName(failure) : null;
        }

        return With(columns);
    }

    private string Moved(RunStatus to) => RunTransitions.Allows(Status, to)
        ? to.WireName()
        : throw new InvalidOperationException($"Run '{RunId}' cannot go from {Status.WireName()} to {to.WireName()}.");

    private RunRecord With(Columns columns) => new(Row.With(columns));
}
