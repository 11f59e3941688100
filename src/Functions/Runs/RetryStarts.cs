using System.Runtime.InteropServices;
using Headgate.Core.Runs;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Tasks;
using Headgate.Ports;

namespace Headgate.Functions.Runs;

/// <summary>
/// Counts the retries that a run starts: of the run, if it has a budget, and of its tenant's minute, if that has a bound. A run without a budget
/// costs nothing, a tenant without a bound one read for each step that starts a retry.
/// </summary>
public sealed class RetryStarts(ITableStore tables, TenantReader tenants)
{
    /// <summary>To be read before the tasks: whoever starts one meanwhile changes it.</summary>
    /// <returns>The run's count; null where it has none.</returns>
    public async ValueTask<TableRow?> CountOfAsync(RunRecord run, CancellationToken cancellationToken) =>
        run.RetryBudget is null ? null : await tables.GetAsync(Table.Tasks, run.RunId, RowKeys.RunRetries, cancellationToken);

    /// <summary>The step, with no more retries than the tenant may start now, and the counts to write with it.</summary>
    /// <param name="run">Whose step it is.</param>
    /// <param name="count">See <see cref="CountOfAsync"/>.</param>
    /// <param name="tasks">As the step was decided on.</param>
    /// <param name="step">Decided without a bound.</param>
    /// <param name="decide">Decides again, with so many retries left.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public async ValueTask<(RunStep Step, StartedRetries Started)> BoundAsync(
        RunRecord run, TableRow? count, IReadOnlyList<TaskState> tasks, RunStep step, Func<int, RunStep> decide, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var starting = RetryBudgets.Starting(tasks, step);
        if (starting == 0)
            return (step, StartedRetries.None);

        TableWrite? minute = null;
        if (await tenants.ReadAsync(run.TenantId, cancellationToken) is { } tenant && tenant.Ledger.LimitsAt(now).RetriesPerMinute is { } bound)
        {
            var thisMinute = RetryBudgets.MinuteOf(now);
            var started = tenant.Retries.StartedIn(thisMinute);
            if (started + starting > bound)
            {
                step = decide(Math.Max(bound - started, 0));
                starting = RetryBudgets.Starting(tasks, step);
            }

            if (starting > 0)
                minute = RetryCountRow.OfTenant(run.TenantId, new RetryMinute(thisMinute, started + starting, tenant.Retries.ETag));
        }

        var ofRun = run.RetryBudget is null || starting == 0 ? (TableWrite?)null : RetryCountRow.OfRun(run.RunId, RetryBudgets.Started(tasks) + starting, count);
        return (step, new StartedRetries(minute, ofRun));
    }
}

/// <summary>The counts that a step writes: those of the tenant stand before its tasks, that of the run with them.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct StartedRetries(TableWrite? OfTenant, TableWrite? OfRun)
{
    public static StartedRetries None => default;

    public void AddTo(ChangeBuilder change)
    {
        if (OfTenant is { } minute)
            change.Add(TaskMoves.ResourceRank, Table.Tenants, minute);
        if (OfRun is { } count)
            change.Add(TaskMoves.TaskRank, Table.Tasks, count);
    }
}
