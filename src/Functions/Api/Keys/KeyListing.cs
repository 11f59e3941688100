using Headgate.Functions.Admission;
using Headgate.Functions.Security.Keys;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Wire;
using Headgate.Ports;

namespace Headgate.Functions.Api.Keys;

/// <summary>
/// Lists a new key of a tenant, through its gate: never more than there may be, and none once the removal of the tenant has begun, so that none
/// outlives it. An expired one counts no more. Results in why it is refused; null where it was done.
/// </summary>
/// <param name="tables">For the keys that the tenant has.</param>
/// <param name="tenantId">Whose.</param>
/// <param name="writes">In the tenant's partition.</param>
/// <param name="preceding">What has to stand before.</param>
/// <param name="following">What comes behind.</param>
/// <param name="replaces">It takes the place of another one, which ends: a limit that was lowered takes nothing away.</param>
internal sealed class KeyListing(ITableStore tables, string tenantId, TableWrite[] writes, TableBatch[] preceding, TableBatch[] following, bool replaces)
    : TenantOperation<Refusal?>
{
    /// <summary>Of one tenant, whatever its limits say, with those that have expired: the next one takes the place of one of these.</summary>
    public const int MaxKeys = 100;

    private IReadOnlyList<TableRow> _existing = [];

    // Each counts what the one before has listed.
    public override string? ExclusiveKey => "keys";

    public override async ValueTask PrepareAsync() =>
        _existing = (await tables.QueryAsync(TableQuery.Prefix(Table.Tenants, tenantId, RowKeys.KeyPrefix, MaxKeys + 1))).Rows;

    public override TenantEdit<Refusal?> Decide(TenantSnapshot tenant, DateTimeOffset now)
    {
        if (tenant.Profile.RemovingAt is not null)
            return new(Refusals.BeingRemoved(tenantId));
        var ended = _existing.Where(row => row.Columns.Time("expiresAt") <= now).ToList();
        var count = _existing.Count - ended.Count;
        if ((replaces ? CountedLimit.Keys.RefuseOverall(tenant, count) : CountedLimit.Keys.Refuse(tenant, count, now)) is { } full)
            return new(full);
        var expired = _existing.Count < MaxKeys ? null : ended[0];
        return new(null, tenant.Ledger)
        {
            Preceding = preceding,
            Writes = expired is null ? writes : [.. writes, TableWrite.DeleteIfExists(tenantId, expired.RowKey)],
            Following = expired is null ? following : [.. following, new TableBatch(Table.Keys, TableWrite.DeleteIfExists(TenantKeyRow.IdOf(expired), KeyRecord.RowKey))],
        };
    }
}
