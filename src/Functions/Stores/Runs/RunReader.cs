using Headgate.Core.Identity;
using Headgate.Ports;
using Headgate.Ports.Recent;

namespace Headgate.Functions.Stores.Runs;

/// <summary>A run's tasks and their settled attempts.</summary>
public sealed record RunTasks(IReadOnlyList<TaskRecord> Tasks, IReadOnlyList<AttemptRecord> Attempts);

/// <summary>Reads runs and tasks. The tenant is part of every question, so an answer never crosses tenants.</summary>
public sealed class RunReader(ITableStore tables, IRecentRows recent)
{
    /// <summary>The run as this process last saw it, for what <see cref="IRecentRows"/> is good for; null where it is not remembered.</summary>
    public RunRecord? RecentRun(string tenantId, string runId) =>
        RunId.IsWellFormed(runId) && recent.Find(Table.Tenants, tenantId, RowKeys.Run(runId)) is { } row ? new RunRecord(row) : null;

    /// <summary>The task as this process last saw it, as above. Callers compare its tenant likewise.</summary>
    public TaskRecord? RecentTask(string taskId) =>
        TaskId.TryParse(taskId, out var runId, out var name) && recent.Find(Table.Tasks, runId, RowKeys.Task(name)) is { } row ? TaskRow.Read(row) : null;

    public async ValueTask<RunRecord?> RunAsync(string tenantId, string runId, CancellationToken cancellationToken = default) =>
        RunId.IsWellFormed(runId) && await tables.GetAsync(Table.Tenants, tenantId, RowKeys.Run(runId), cancellationToken) is { } row
            ? new RunRecord(row)
            : null;

    /// <summary>The task wherever it belongs: callers must compare <see cref="TaskRecord.TenantId"/> with who asks before anything else.</summary>
    public async ValueTask<TaskRecord?> TaskAsync(string taskId, CancellationToken cancellationToken = default) =>
        TaskId.TryParse(taskId, out var runId, out var name) && await tables.GetAsync(Table.Tasks, runId, RowKeys.Task(name), cancellationToken) is { } row
            ? TaskRow.Read(row)
            : null;

    public async ValueTask<AttemptRecord?> AttemptAsync(string runId, string taskName, int attempt, CancellationToken cancellationToken = default) =>
        await tables.GetAsync(Table.Tasks, runId, RowKeys.Attempt(taskName, attempt), cancellationToken) is { } row ? AttemptRow.Read(row) : null;

    public async ValueTask<List<TaskRecord>> TasksAsync(string runId, CancellationToken cancellationToken = default)
    {
        var page = await tables.QueryAsync(TableQuery.Prefix(Table.Tasks, runId, RowKeys.TaskPrefix), cancellationToken);
        return [.. page.Rows.Select(TaskRow.Read)];
    }

    /// <summary>Settled attempts of one task, oldest first.</summary>
    public async ValueTask<List<AttemptRecord>> AttemptsAsync(string runId, string taskName, CancellationToken cancellationToken = default)
    {
        var page = await tables.QueryAsync(TableQuery.Prefix(Table.Tasks, runId, RowKeys.AttemptsOf(taskName)), cancellationToken);
        return [.. page.Rows.Select(AttemptRow.Read)];
    }

    /// <summary>All tasks and attempts of a run: at most 200 tasks with 24 attempts each, read page by page.</summary>
    public async ValueTask<RunTasks> AllAsync(string runId, CancellationToken cancellationToken = default)
    {
        var tasks = new List<TaskRecord>();
        var attempts = new List<AttemptRecord>();
        var query = new TableQuery(Table.Tasks, runId);
        do
        {
            var page = await tables.QueryAsync(query, cancellationToken);
            foreach (var row in page.Rows)
            {
                if (row.RowKey.StartsWith(RowKeys.TaskPrefix, StringComparison.Ordinal))
                    tasks.Add(TaskRow.Read(row));
                else if (row.RowKey.StartsWith(RowKeys.AttemptPrefix, StringComparison.Ordinal))
                    attempts.Add(AttemptRow.Read(row));
            }

            query = query with { Continuation = page.Continuation };
        }
        while (query.Continuation is not null);
        return new RunTasks(tasks, attempts);
    }
}
