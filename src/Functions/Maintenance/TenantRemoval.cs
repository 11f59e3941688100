using Headgate.Core.Runs;
using Headgate.Functions.Options;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Security.Keys;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Telemetry;
using Headgate.Ports;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Headgate.Functions.Maintenance;

/// <summary>
/// Removes all rows of tenants that were deleted long enough ago, by the clock as far as it is believed: so much a pass, each step repeatable. The
/// ledger goes last, so that nobody makes a tenant of the same name before all is gone.
/// </summary>
public sealed class TenantRemoval(ITableStore tables, TenantReader tenants, RunReader runs, NewestFirstIds ids, HeadgateOptions options, TimeProvider clock, ILogger<TenantRemoval> logger)
{
    private const int RowsPerPass = 500;

    /// <param name="now">The believed time.</param>
    /// <returns>Whether something is left that could go.</returns>
    public async Task<bool> RunAsync(DurableTaskClient client, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var page = await tables.QueryAsync(new TableQuery(Table.Tenants, RowKeys.DeletedTenants, Take: RowsPerPass), cancellationToken);
        var isBehind = page.Continuation is not null;
        foreach (var row in page.Rows)
        {
            var tenant = await tenants.ReadAsync(row.RowKey, cancellationToken);
            if (tenant is null || tenant.Profile.DeletedAt is null)
                await ForgetAsync(row, tenant is null, cancellationToken);
            else if (tenant.Profile.DeletedAt.Value.AddDays(options.Retention.DeletedTenantDays) <= now)
                isBehind |= !await RemoveAsync(client, row, cancellationToken);
        }

        return isBehind;
    }

    /// <returns>Whether nothing is left.</returns>
    private async Task<bool> RemoveAsync(DurableTaskClient client, TableRow row, CancellationToken cancellationToken)
    {
        var tenantId = row.RowKey;
        // Runs that have not ended yet are being cancelled; their ending needs the ledger.
        var live = await tables.QueryAsync(TableQuery.Prefix(Table.Tenants, tenantId, RowKeys.LivePrefix, 1), cancellationToken);
        if (live.Rows.Count > 0
            || !await RemoveRunsAsync(client, tenantId, cancellationToken)
            || !await RemoveKeysAsync(tenantId, cancellationToken)
            || !await RemoveAgentsAsync(tenantId, cancellationToken)
            || !await RemoveAsync(Table.Tenants, RowKeys.HeldResources, RowKeys.HeldResource(tenantId, ""), cancellationToken)
            || !await RemoveAsync(Table.Ready, RowKeys.Pool(tenantId), null, cancellationToken)
            || !await RemoveAsync(Table.DeadLetters, tenantId, null, cancellationToken)
            || !await RemoveAsync(Table.Usage, tenantId, null, cancellationToken)
            || !await RemoveAsync(Table.Audit, tenantId, null, cancellationToken)
            || !await RemoveAsync(Table.Tenants, tenantId, null, cancellationToken, except: RowKeys.TenantStatePrefix))
        {
            return false;
        }

        await RemoveAsync(Table.Tenants, tenantId, RowKeys.TenantStatePrefix, cancellationToken);
        await ForgetAsync(row, isGone: true, cancellationToken);
        logger.TenantRemoved(tenantId);
        return true;
    }

    private async Task ForgetAsync(TableRow row, bool isGone, CancellationToken cancellationToken)
    {
        var audit = new AuditEntry(null, clock.GetUtcNow(), "service", AuditAction.TenantRemoved, row.RowKey, null, "service");
        TableBatch[] gone = [new TableBatch(Table.Tenants, TableWrite.DeleteIfExists(RowKeys.TenantDirectory, row.RowKey)), audit.ToBatch(ids)];
        await tables.SubmitAsync(new TableChange([.. isGone ? gone : [], DeletedTenantRow.Gone(row)]), cancellationToken);
    }

    private async Task<bool> RemoveRunsAsync(DurableTaskClient client, string tenantId, CancellationToken cancellationToken)
    {
        var page = await tables.QueryAsync(TableQuery.Prefix(Table.Tenants, tenantId, RowKeys.RunPrefix, RowsPerPass), cancellationToken);
        foreach (var row in page.Rows)
        {
            var runId = new RunRecord(row).RunId;
            await client.PurgeInstanceAsync(runId, cancellation: cancellationToken);
            var change = new ChangeBuilder();
            var all = await runs.AllAsync(runId, cancellationToken);
            foreach (var attempt in all.Attempts)
                change.Add(0, Table.Tasks, TableWrite.DeleteIfExists(runId, RowKeys.Attempt(attempt.TaskName, attempt.Attempt)));
            foreach (var task in all.Tasks)
                change.Add(0, Table.Tasks, TableWrite.DeleteIfExists(runId, RowKeys.Task(task.Name)));
            change.Add(1, Table.Tenants, TableWrite.DeleteIfExists(tenantId, row.RowKey));
            await tables.SubmitAsync(change.Build(), cancellationToken);
        }

        return page.Continuation is null;
    }

    private async Task<bool> RemoveKeysAsync(string tenantId, CancellationToken cancellationToken)
    {
        var page = await tables.QueryAsync(TableQuery.Prefix(Table.Tenants, tenantId, RowKeys.KeyPrefix, RowsPerPass), cancellationToken);
        await RemoveKeysAsync(page.Rows.Select(row => row.RowKey[RowKeys.KeyPrefix.Length..]), cancellationToken);
        return page.Continuation is null && await RemoveAsync(Table.Tenants, tenantId, RowKeys.KeyPrefix, cancellationToken);
    }

    private async Task RemoveKeysAsync(IEnumerable<string> keyIds, CancellationToken cancellationToken)
    {
        var change = new ChangeBuilder();
        foreach (var keyId in keyIds)
            change.Add(0, Table.Keys, TableWrite.DeleteIfExists(keyId, KeyRecord.RowKey));
        if (!change.IsEmpty)
            await tables.SubmitAsync(new TableChange([.. change.Batches(), KeyStore.Change(clock.GetUtcNow())]), cancellationToken);
    }

    private async Task<bool> RemoveAgentsAsync(string tenantId, CancellationToken cancellationToken)
    {
        var page = await tables.QueryAsync(new TableQuery(Table.AgentsByOwner, tenantId, Take: RowsPerPass), cancellationToken);
        foreach (var owned in page.Rows)
        {
            if (await tables.GetAsync(Table.Agents, owned.RowKey, RowKeys.Agent, cancellationToken) is { } agent)
                await RemoveKeysAsync([agent.Columns.Required("keyId")], cancellationToken);
            if (!await RemoveAsync(Table.Agents, owned.RowKey, null, cancellationToken))
                return false;
            await tables.SubmitAsync(new TableChange(new TableBatch(Table.AgentsByOwner, TableWrite.DeleteIfExists(tenantId, owned.RowKey))), cancellationToken);
        }

        return page.Continuation is null;
    }

    /// <param name="prefix">Of the row keys; null: all rows of the partition.</param>
    /// <param name="except">Rows whose keys begin so stay.</param>
    /// <returns>Whether nothing is left.</returns>
    private async Task<bool> RemoveAsync(Table table, string partition, string? prefix, CancellationToken cancellationToken, string? except = null)
    {
        var query = prefix is null ? new TableQuery(table, partition, Take: RowsPerPass) : TableQuery.Prefix(table, partition, prefix, RowsPerPass);
        var page = await tables.QueryAsync(query, cancellationToken);
        var change = new ChangeBuilder();
        foreach (var row in page.Rows)
        {
            if (except is null || !row.RowKey.StartsWith(except, StringComparison.Ordinal))
                change.Add(0, table, TableWrite.DeleteIfExists(partition, row.RowKey));
        }

        if (!change.IsEmpty)
            await tables.SubmitAsync(change.Build(), cancellationToken);
        return page.Continuation is null;
    }
}
