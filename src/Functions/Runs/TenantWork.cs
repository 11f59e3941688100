using Headgate.Core.Runs;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Tasks;
using Headgate.Ports;
using Microsoft.DurableTask.Client;

namespace Headgate.Functions.Runs;

/// <summary>
/// What becomes of a tenant's runs when its status has changed. Each call deals with the first 1,000 of them and can be repeated; maintenance
/// deals with the rest.
/// </summary>
public sealed class TenantWork(ITableStore tables, TenantReader tenants, RunReader runs, IReadyTasks ready, RunWaker waker, TimeProvider clock)
{
    private const int MaxRuns = 1000;

    /// <summary>Nothing more is handed out. A release that was overtaken by this has changed the ledger before: looking again finds it.</summary>
    public async Task HoldAsync(string tenantId, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        ready.Hold(tenantId, until);
        if (await tenants.IsActiveAsync(tenantId, cancellationToken))
            ready.Release(tenantId);
    }

    /// <summary>What was held goes on.</summary>
    public async Task ReleaseAsync(string tenantId, DurableTaskClient client, CancellationToken cancellationToken)
    {
        ready.Release(tenantId);
        await waker.WakeAsync(client, (await LiveAsync(tenantId, cancellationToken)).Select(runId => new RunReference(tenantId, runId)), cancellationToken);
    }

    /// <summary>Agents are told, in their next heartbeat, to stop what they do for the tenant.</summary>
    public async Task StopAsync(string tenantId, CancellationToken cancellationToken)
    {
        foreach (var runId in await LiveAsync(tenantId, cancellationToken))
        {
            var change = new ChangeBuilder();
            foreach (var task in await runs.TasksAsync(runId, cancellationToken))
            {
                if (task.State.Status.IsHeld())
                    change.Add(0, Table.Agents, TableWrite.Upsert(new TableRow(task.State.AgentId!, RowKeys.Cancel(task.TaskId), [])));
            }

            if (!change.IsEmpty)
                await tables.SubmitAsync(change.Build(), cancellationToken);
        }
    }

    /// <summary>All of its runs are cancelled.</summary>
    /// <param name="actor">As the runs name who wanted it.</param>
    public async Task CancelAsync(string tenantId, string actor, DurableTaskClient client, CancellationToken cancellationToken)
    {
        foreach (var runId in await LiveAsync(tenantId, cancellationToken))
        {
            if (await runs.RunAsync(tenantId, runId, cancellationToken) is not { } run || run.Status.IsFinished() || run.CancelRequestedAt is not null)
                continue;
            var wanted = TableWrite.Replace(run.CancelRequested(actor, clock.GetUtcNow()).Row);
            // One that is changing right now is found by the next round.
            if ((await tables.SubmitAsync(new TableChange(new TableBatch(Table.Tenants, wanted)), cancellationToken)).Succeeded)
                await waker.WakeAsync(client, [new(tenantId, runId)], cancellationToken);
        }
    }

    private async ValueTask<List<string>> LiveAsync(string tenantId, CancellationToken cancellationToken)
    {
        var live = await tables.QueryAsync(TableQuery.Prefix(Table.Tenants, tenantId, RowKeys.LivePrefix, MaxRuns), cancellationToken);
        return [.. live.Rows.Select(LiveRow.RunIdOf)];
    }
}
