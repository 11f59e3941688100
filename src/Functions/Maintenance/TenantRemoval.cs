using Headgate.Functions.Admission;
using Headgate.Functions.Options;
using Headgate.Functions.Runs.Redrive;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Security.Keys;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Stores.Schedules;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Telemetry;
using Headgate.Ports;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Headgate.Functions.Maintenance;

/// <summary>
/// Removes all rows of tenants that were deleted long enough ago, by the clock as far as it is believed: so much a pass, each step repeatable. It
/// begins with a mark in the profile, from which on nothing takes the deletion back and nobody adds members or keys; each step looks whether the
/// mark stands. Ledger and profile go last, so that nobody makes a tenant of the same name before all is gone.
/// </summary>
public sealed class TenantRemoval(
    ITableStore tables,
    TenantReader tenants,
    TenantGate gate,
    RunReader runs,
    KeyStore keys,
    NewestFirstIds ids,
    HeadgateOptions options,
    TimeProvider clock,
    ILogger<TenantRemoval> logger)
{
    private const int RowsPerPass = 500;

    /// <summary>A tenant is listed before its deletion stands: for so long a row without one is left alone.</summary>
    private static readonly TimeSpan s_listedBefore = TimeSpan.FromHours(1);

    /// <param name="now">The believed time.</param>
    /// <returns>Whether something is left that could go.</returns>
    public async Task<bool> RunAsync(DurableTaskClient client, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var isBehind = false;
        var query = new TableQuery(Table.Tenants, RowKeys.DeletedTenants, Take: RowsPerPass);
        do
        {
            var page = await tables.QueryAsync(query, cancellationToken);
            foreach (var row in page.Rows)
                isBehind |= !await TryAsync(client, row, now, cancellationToken);
            query = query with { Continuation = page.Continuation };
        }
        while (query.Continuation is not null);

        return isBehind;
    }

    // One tenant that can't be removed must not keep the others from it.
    private async Task<bool> TryAsync(DurableTaskClient client, TableRow row, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            return await LookAsync(client, row, now, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException and not StoreUnavailableException)
        {
            logger.RepairFailed(failure, row.RowKey);
            return false;
        }
    }

    /// <returns>Whether nothing is left that could go.</returns>
    private async Task<bool> LookAsync(DurableTaskClient client, TableRow row, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await tenants.ReadAsync(row.RowKey, cancellationToken) is not { } tenant)
            await ForgetAsync(row, cancellationToken);
        else if (IsDue(tenant.Profile, now))
            return await RemoveAsync(client, row, now, cancellationToken);
        else if (tenant.Profile.DeletedAt is null && clock.GetUtcNow() - DeletedTenantRow.At(row) >= s_listedBefore)
            await tables.SubmitAsync(new TableChange(DeletedTenantRow.Gone(row)), cancellationToken);
        return true;
    }

    private bool IsDue(TenantProfile profile, DateTimeOffset now) =>
        profile.RemovingAt is not null || profile.DeletedAt?.AddDays(options.Retention.DeletedTenantDays) <= now;

    /// <returns>Whether nothing is left.</returns>
    private async Task<bool> RemoveAsync(DurableTaskClient client, TableRow row, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var tenantId = row.RowKey;
        // Runs that have not ended yet are being cancelled; their ending needs the ledger.
        if (await HasLiveRunsAsync(tenantId, cancellationToken) || !await BeginAsync(tenantId, now) || await MarkAsync(tenantId, cancellationToken) is not { } mark)
            return false;

        Func<Task<bool>>[] steps =
        [
            async () => !await HasLiveRunsAsync(tenantId, cancellationToken),
            () => RemoveRunsAsync(client, tenantId, cancellationToken),
            () => RemoveReplaysAsync(client, tenantId, cancellationToken),
            () => RemoveKeysAsync(tenantId, cancellationToken),
            () => RemoveAgentsAsync(tenantId, cancellationToken),
            () => RemoveSchedulesAsync(tenantId, cancellationToken),
            () => RemoveAsync(Table.Tenants, RowKeys.HeldResources, RowKeys.HeldResource(tenantId, ""), cancellationToken),
            () => RemoveAsync(Table.Ready, RowKeys.Pool(tenantId), null, cancellationToken),
            () => RemoveAsync(Table.DeadLetters, tenantId, null, cancellationToken),
            () => RemoveAsync(Table.Usage, tenantId, null, cancellationToken),
            () => RemoveAsync(Table.Audit, tenantId, null, cancellationToken),
            () => RemoveAsync(Table.Tenants, tenantId, null, cancellationToken, except: RowKeys.TenantStatePrefix),
            () => RemoveStateAsync(tenantId, mark, cancellationToken),
        ];
        foreach (var step in steps)
        {
            if (await MarkAsync(tenantId, cancellationToken) != mark || !await step())
                return false;
        }

        await ForgetAsync(row, cancellationToken);
        logger.TenantRemoved(tenantId);
        return true;
    }

    private async Task<bool> HasLiveRunsAsync(string tenantId, CancellationToken cancellationToken) =>
        (await tables.QueryAsync(TableQuery.Prefix(Table.Tenants, tenantId, RowKeys.LivePrefix, 1), cancellationToken)).Rows.Count > 0;

    /// <returns>Whether the mark stands.</returns>
    private async Task<bool> BeginAsync(string tenantId, DateTimeOffset now) =>
        (await gate.ChangeAsync(tenantId, (tenant, at) => tenant.Profile.RemovingAt is not null || !IsDue(tenant.Profile, now)
            ? new TenantEdit<bool>(tenant.Profile.RemovingAt is not null)
            : new TenantEdit<bool>(true, tenant.Ledger)
            {
                Writes = [TableWrite.Upsert(ProfileRow.Write(tenantId, tenant.Profile with { RemovingAt = at }))],
            })).Value;

    /// <summary>Which removal the tenant is in; null where in none.</summary>
    private async Task<DateTimeOffset?> MarkAsync(string tenantId, CancellationToken cancellationToken) =>
        await tables.GetAsync(Table.Tenants, tenantId, RowKeys.Profile, cancellationToken) is { } row ? ProfileRow.Read(row).RemovingAt : null;

    // Off the list while the name is still taken. Ledger and profile go only as they were read: whoever changed the tenant meanwhile is seen in the next pass.
    private async Task<bool> RemoveStateAsync(string tenantId, DateTimeOffset mark, CancellationToken cancellationToken)
    {
        var state = await tables.QueryAsync(TableQuery.Prefix(Table.Tenants, tenantId, RowKeys.TenantStatePrefix), cancellationToken);
        var last = state.Rows.Where(row => row.RowKey is RowKeys.Ledger or RowKeys.Profile).ToList();
        if (last.Count < 2 || ProfileRow.Read(last.Single(row => row.RowKey == RowKeys.Profile)).RemovingAt != mark)
            return false;

        var change = new ChangeBuilder();
        foreach (var row in state.Rows.Except(last))
            change.Add(0, Table.Tenants, TableWrite.DeleteIfExists(tenantId, row.RowKey));
        if (await tables.GetAsync(Table.Tenants, RowKeys.TenantDirectory, tenantId, cancellationToken) is { } listed)
            change.Add(1, Table.Tenants, TableWrite.Delete(listed));
        foreach (var row in last)
            change.Add(2, Table.Tenants, TableWrite.Delete(row));
        return (await tables.SubmitAsync(change.Build(), cancellationToken)).Succeeded;
    }

    private async Task ForgetAsync(TableRow row, CancellationToken cancellationToken)
    {
        var reason = DeletedTenantRow.Actor(row) is { } actor ? $"deleted by {actor}" : null;
        var audit = new AuditEntry(null, clock.GetUtcNow(), "service", AuditAction.TenantRemoved, row.RowKey, reason, "service");
        await tables.SubmitAsync(new TableChange(audit.ToBatch(ids), DeletedTenantRow.Gone(row)), cancellationToken);
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
            change.Add(0, Table.Tasks, TableWrite.DeleteIfExists(runId, RowKeys.RunRetries));
            foreach (var attempt in all.Attempts)
                change.Add(0, Table.Tasks, TableWrite.DeleteIfExists(runId, RowKeys.Attempt(attempt.TaskName, attempt.Attempt)));
            foreach (var task in all.Tasks)
                change.Add(0, Table.Tasks, TableWrite.DeleteIfExists(runId, RowKeys.Task(task.Name)));
            change.Add(1, Table.Tenants, TableWrite.DeleteIfExists(tenantId, row.RowKey));
            await tables.SubmitAsync(change.Build(), cancellationToken);
        }

        return page.Continuation is null;
    }

    // A replay that is under way is told by its row to end, and goes in a later pass.
    private async Task<bool> RemoveReplaysAsync(DurableTaskClient client, string tenantId, CancellationToken cancellationToken)
    {
        var page = await tables.QueryAsync(TableQuery.Prefix(Table.Tenants, tenantId, RowKeys.ReplayPrefix, RowsPerPass), cancellationToken);
        var hasLeft = page.Continuation is not null;
        foreach (var row in page.Rows)
        {
            var replay = ReplayRow.Read(row);
            if (replay.FinishedAt is null)
            {
                await tables.SubmitAsync(new TableChange(new TableBatch(Table.Tenants, TableWrite.Replace(ReplayRow.Write(replay with { FinishedAt = clock.GetUtcNow(), IsExpired = true })))), cancellationToken);
                hasLeft = true;
            }
            else if (await client.GetInstanceAsync(replay.ReplayId, cancellation: cancellationToken) is { IsCompleted: false })
            {
                hasLeft = true;
            }
            else
            {
                await client.PurgeInstanceAsync(replay.ReplayId, cancellation: cancellationToken);
                await tables.SubmitAsync(new TableChange(new TableBatch(Table.Tenants, TableWrite.DeleteIfExists(tenantId, row.RowKey))), cancellationToken);
            }
        }

        return !hasLeft;
    }

    private async Task<bool> RemoveKeysAsync(string tenantId, CancellationToken cancellationToken)
    {
        var page = await tables.QueryAsync(TableQuery.Prefix(Table.Tenants, tenantId, RowKeys.KeyPrefix, RowsPerPass), cancellationToken);
        await RemoveKeysAsync([.. page.Rows.Select(row => row.RowKey[RowKeys.KeyPrefix.Length..])], cancellationToken);
        return page.Continuation is null && await RemoveAsync(Table.Tenants, tenantId, RowKeys.KeyPrefix, cancellationToken);
    }

    private async Task RemoveKeysAsync(List<string> keyIds, CancellationToken cancellationToken)
    {
        if (keyIds.Count == 0)
            return;
        var change = new ChangeBuilder();
        foreach (var keyId in keyIds)
            change.Add(0, Table.Keys, TableWrite.DeleteIfExists(keyId, KeyRecord.RowKey));
        await tables.SubmitAsync(new TableChange([.. change.Batches(), KeyStore.Change(clock.GetUtcNow())]), cancellationToken);
        keyIds.ForEach(keys.Forget);
    }

    // Off the list of all; the schedules' own rows go with the tenant's others.
    private async Task<bool> RemoveSchedulesAsync(string tenantId, CancellationToken cancellationToken)
    {
        var page = await tables.QueryAsync(TableQuery.Prefix(Table.Tenants, tenantId, RowKeys.SchedulePrefix, RowsPerPass) with { Columns = ScheduleRow.WithoutRun }, cancellationToken);
        var change = new ChangeBuilder();
        foreach (var row in page.Rows)
        {
            if (DueSchedule.Of(ScheduleRow.Read(row)) is { } due)
                change.Add(0, Table.Tenants, due.Gone().Writes[0]);
            change.Add(1, Table.Tenants, TableWrite.DeleteIfExists(tenantId, row.RowKey));
        }

        if (!change.IsEmpty)
            await tables.SubmitAsync(change.Build(), cancellationToken);
        return page.Continuation is null;
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
