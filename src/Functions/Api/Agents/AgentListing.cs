using Headgate.Core.Plans;
using Headgate.Functions.Admission;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Wire;
using Headgate.Ports;

namespace Headgate.Functions.Api.Agents;

/// <summary>
/// Lists a new agent of a tenant, through its gate: never more than there may be, and none once the removal of the tenant has begun. Results in why
/// it is refused; null where it was done.
/// </summary>
/// <param name="tables">For the agents that the tenant has.</param>
/// <param name="tenantId">Whose.</param>
/// <param name="agentId">The new one.</param>
/// <param name="writes">In the tenant's partition.</param>
/// <param name="preceding">What has to stand before; the owner's list is among it.</param>
/// <param name="following">The agent's own row.</param>
internal sealed class AgentListing(ITableStore tables, string tenantId, string agentId, IReadOnlyList<TableWrite> writes, TableBatch[] preceding, TableBatch following)
    : TenantOperation<Refusal?>
{
    private int _others;
    private bool _isListed;

    // Each counts what the one before has listed.
    public override string? ExclusiveKey => "agents";

    public override async ValueTask PrepareAsync()
    {
        var owned = await tables.QueryAsync(new TableQuery(Table.AgentsByOwner, tenantId, Take: LimitOverrides.CountedCeiling));
        _isListed = owned.Rows.Any(row => row.RowKey == agentId);
        _others = owned.Rows.Count - (_isListed ? 1 : 0);
    }

    public override TenantEdit<Refusal?> Decide(TenantSnapshot tenant, DateTimeOffset now)
    {
        var refusal = tenant.Profile.RemovingAt is not null ? Refusals.BeingRemoved(tenantId) : CountedLimit.Agents.Refuse(tenant, _others, now);
        if (refusal is null)
            return new(null, tenant.Ledger) { Preceding = preceding, Writes = writes, Following = [following] };
        // A try that another process came before has listed it: it would count for ever.
        return _isListed
            ? new(refusal, tenant.Ledger) { Following = [new TableBatch(Table.AgentsByOwner, TableWrite.DeleteIfExists(tenantId, agentId))] }
            : new(refusal);
    }
}
