using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Headgate.Core.Admission;
using Headgate.Core.Retry;
using Headgate.Core.Tenants;
using Headgate.Functions.Stores.Runs;
using Headgate.Ports;

namespace Headgate.Functions.Stores.Tenants;

/// <summary>Reads tenants. Changing them is <see cref="Admission.TenantGate"/>'s alone.</summary>
public sealed class TenantReader(ITableStore tables, TimeProvider clock)
{
    /// <summary>The tenant as stored now, in one range read; null where there is none.</summary>
    public async ValueTask<TenantSnapshot?> ReadAsync(string tenantId, CancellationToken cancellationToken = default)
    {
        var page = await tables.QueryAsync(TableQuery.Prefix(Table.Tenants, tenantId, RowKeys.TenantStatePrefix), cancellationToken);
        Ledger? ledger = null;
        string? etag = null;
        TenantProfile? profile = null;
        DriftSighting? drift = null;
        var retries = RetryMinute.None;
        var policies = new Dictionary<string, RetryPolicy>(StringComparer.Ordinal);
        foreach (var row in page.Rows)
        {
            if (row.RowKey == RowKeys.Ledger)
            {
                (ledger, etag) = (LedgerRow.Read(row), row.ETag);
            }
            else if (row.RowKey == RowKeys.Profile)
            {
                profile = ProfileRow.Read(row);
            }
            else if (row.RowKey == RowKeys.Drift)
            {
                drift = DriftRow.Read(row);
            }
            else if (row.RowKey == RowKeys.TenantRetries)
            {
                retries = RetryCountRow.Read(row);
            }
            else if (row.RowKey.StartsWith(RowKeys.PolicyPrefix, StringComparison.Ordinal))
            {
                var (name, policy) = PolicyRow.Read(row);
                policies[name] = policy;
            }
        }

        return ledger is null || etag is null || profile is null ? null : new TenantSnapshot(tenantId, ledger, etag, profile, policies) { Drift = drift, Retries = retries };
    }

    /// <summary>
    /// The tenant as stored now, with the runs that wait for a slot. They are read after the ledger: a write under its ETag proves that they
    /// are those it counts. A count that is not theirs is put right with the next write.
    /// </summary>
    public async ValueTask<TenantSnapshot?> ReadWithWaitingAsync(string tenantId, CancellationToken cancellationToken = default)
    {
        var tenant = await ReadAsync(tenantId, cancellationToken);
        if (tenant is null or { Ledger.WaitingRuns: 0 })
            return tenant;
        var waiting = await WaitingAsync(tenantId, cancellationToken);
        return tenant with { Ledger = tenant.Ledger with { WaitingRuns = waiting.Count }, Waiting = waiting };
    }

    /// <summary>The runs that wait for a slot, in the order of their places.</summary>
    public async ValueTask<ImmutableList<WaitingRun>> WaitingAsync(string tenantId, CancellationToken cancellationToken = default)
    {
        var waiting = ImmutableList.CreateBuilder<WaitingRun>();
        var query = TableQuery.Prefix(Table.Tenants, tenantId, RowKeys.WaitPrefix);
        do
        {
            var page = await tables.QueryAsync(query, cancellationToken);
            foreach (var row in page.Rows)
                waiting.Add(WaitRow.Read(row));
            query = query with { Continuation = page.Continuation };
        }
        while (query.Continuation is not null);
        return waiting.ToImmutable();
    }

    /// <summary>Whether the tenant's work may be started and handed out now. A missing tenant's may not.</summary>
    public async ValueTask<bool> IsActiveAsync(string tenantId, CancellationToken cancellationToken = default) =>
        await StatusAsync(tenantId, cancellationToken) == TenantStatus.Active;

    /// <summary>The tenant's status now; null where there is none.</summary>
    public async ValueTask<TenantStatus?> StatusAsync(string tenantId, CancellationToken cancellationToken = default) =>
        (await StandingAsync(tenantId, cancellationToken))?.Status;

    /// <summary>The tenant's status now, and its plan; null where there is none.</summary>
    public async ValueTask<(TenantStatus Status, string PlanId)?> StandingAsync(string tenantId, CancellationToken cancellationToken = default) =>
        await tables.GetAsync(Table.Tenants, tenantId, RowKeys.Ledger, cancellationToken) is { } row && LedgerRow.Read(row) is var ledger
            ? (ledger.StatusAt(clock.GetUtcNow()), ledger.PlanId)
            : null;

    /// <summary>The ids of all tenants.</summary>
    public async IAsyncEnumerable<string> AllIdsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var query = new TableQuery(Table.Tenants, RowKeys.TenantDirectory);
        do
        {
            var page = await tables.QueryAsync(query, cancellationToken);
            foreach (var row in page.Rows)
                yield return row.RowKey;
            query = query with { Continuation = page.Continuation };
        }
        while (query.Continuation is not null);
    }
}
