using System.Text.Json;
using Headgate.Core.Failures;
using Headgate.Core.Retry;
using Headgate.Core.Runs;
using Headgate.Functions.Stores.Resources;
using Headgate.Ports;
using TaskStatus = Headgate.Core.Runs.TaskStatus;

namespace Headgate.Functions.Stores.Runs;

/// <summary>Tasks as rows of the run's partition. What equals its default is left out.</summary>
public static class TaskRow
{
    public static TableRow Write(TaskRecord task)
    {
        var state = task.State;
        var policy = state.Policy;
        return new TableRow(
            task.RunId,
            RowKeys.Task(task.Name),
            new Columns(16)
            {
                { "tenantId", task.TenantId },
                { "type", task.Type },
                { "priority", task.Priority == TaskPriority.Normal ? null : task.Priority.WireName() },
                { "weight", task.Weight },
                { "pinnedAgent", task.PinnedAgent },
                { "labels", task.Labels.Count == 0 ? null : JsonSerializer.Serialize(new Dictionary<string, string>(task.Labels), StoredJson.Default.DictionaryStringString) },
                { "resources", ResourceNames.Write(task.Resources) },
                { "needs", state.Needs.Count == 0 ? null : string.Join(',', state.Needs) },
                { "timeoutSeconds", state.TimeoutSeconds },
                { "maxRetries", policy.MaxRetries },
                { "baseSeconds", policy.BaseSeconds },
                { "maxSeconds", policy.MaxSeconds },
                { "jitter", policy.Jitter },
                { "factor", policy.Factor },
                { "status", state.Status.WireName() },
                { "attempt", state.Attempt },
                { "retriesGranted", NullIfZero(state.RetriesGranted) },
                { "lostAgentRetries", NullIfZero(state.LostAgentRetries) },
                { "returns", NullIfZero(state.Returns) },
                { "agentMilliseconds", state.AgentMilliseconds == 0 ? null : state.AgentMilliseconds },
                { "retriesStarted", NullIfZero(state.RetriesStarted) },
                { "isPutOff", state.IsPutOff ? true : null },
                { "agentId", state.AgentId },
                { "assignedAt", state.AssignedAt },
                { "nextRetryAt", state.NextRetryAt },
                { "errorCategory", state.LastErrorClass?.WireName() },
                { "errorMessage", state.LastErrorMessage },
                { "finishedAt", state.FinishedAt },
                { "readySince", task.ReadySince },
                { "traceParent", task.TraceParent },
                { "attemptTraceParent", task.AttemptTraceParent },
                { "payload", task.Payload },
                { "output", task.Output },
                { "carriedFrom", task.CarriedFrom },
            },
            task.ETag);
    }

    public static TaskRecord Read(TableRow row)
    {
        var columns = row.Columns;
        if (!TaskStatuses.TryParse(columns.String("status"), out var status))
            throw new InvalidDataException($"Task '{row.RowKey}' of run '{row.PartitionKey}' has no known status.");
        return new TaskRecord(
            columns.Required("tenantId"),
            row.PartitionKey,
            columns.Required("type"),
            TaskPriorities.TryParse(columns.String("priority"), out var priority) ? priority : TaskPriority.Normal,
            columns.String("pinnedAgent"),
            columns.String("labels") is { } labels ? JsonSerializer.Deserialize(labels, StoredJson.Default.DictionaryStringString)! : TaskRecord.NoLabels,
            columns.Int("weight") ?? 1,
            State(row, status),
            columns.Bytes("payload"),
            columns.Bytes("output"),
            columns.Time("readySince"),
            row.ETag)
        {
            Resources = ResourceNames.Read(columns.String("resources")),
            TraceParent = columns.String("traceParent"),
            AttemptTraceParent = columns.String("attemptTraceParent"),
            CarriedFrom = columns.String("carriedFrom"),
        };
    }

    private static TaskState State(TableRow row, TaskStatus status)
    {
        var columns = row.Columns;
        var policy = new RetryPolicy(
            columns.Int("maxRetries") ?? RetryPolicy.DefaultMaxRetries,
            columns.Double("baseSeconds") ?? RetryPolicy.DefaultBaseSeconds,
            columns.Double("maxSeconds") ?? RetryPolicy.DefaultMaxSeconds,
            columns.Double("jitter") ?? RetryPolicy.DefaultJitter,
            columns.Double("factor") ?? RetryPolicy.DefaultFactor);
        return new TaskState(
            row.RowKey[RowKeys.TaskPrefix.Length..],
            columns.String("needs")?.Split(',') ?? [],
            policy == RetryPolicy.Default ? RetryPolicy.Default : policy,
            columns.Int("timeoutSeconds") ?? 0,
            status,
            columns.Int("attempt") ?? 0,
            columns.Int("retriesGranted") ?? 0,
            columns.Int("lostAgentRetries") ?? 0,
            columns.String("agentId"),
            columns.Time("assignedAt"),
            columns.Time("nextRetryAt"),
            FailureClasses.TryParse(columns.String("errorCategory"), out var failure) ? failure : null,
            columns.String("errorMessage"),
            columns.Time("finishedAt"),
            columns.Int("returns") ?? 0,
            columns.Long("agentMilliseconds") ?? 0,
            columns.Int("retriesStarted") ?? 0,
            columns.Flag("isPutOff"));
    }

    private static int? NullIfZero(int value) => value == 0 ? null : value;
}
