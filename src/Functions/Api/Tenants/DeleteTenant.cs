using Headgate.Contracts;
using Headgate.Contracts.Tenants;
using Headgate.Core.Tenants;
using Headgate.Functions.Admission;
using Headgate.Functions.Options;
using Headgate.Functions.Security;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Wire;
using Headgate.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Headgate.Functions.Api.Tenants;

/// <summary>
/// <c>DELETE /tenants/{t}</c> with the tenant's own id as confirmation: it is deactivated and its runs are cancelled at once; its rows are removed
/// some days later. Until then activating it takes that back, but for the runs.
/// </summary>
public sealed class DeleteTenant(TenantGate gate, StatusChange change, HeadgateOptions options, NewestFirstIds ids)
{
    [Function("DeleteTenant"), OperatorOnly, Audits(AuditAction.TenantDeleted, Itself = true)]
    [Does("Delete a tenant"), Takes(typeof(DeleteTenantRequest)), Answers(202, typeof(StatusChanged)), Refuses("already-deleted busy")]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "tenants/{tenantId}")] HttpRequest request,
        string tenantId,
        FunctionContext context,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        using var body = await RequestBody.ReadAsync(request, cancellationToken);
        if (body.Refusal is { } bad)
            return Reply.Refused(bad);
        var fields = ObjectReader.Root(body);
        var confirm = fields.String("confirm", TextRule.TenantId, required: true);
        fields.End();
        if (confirm is not null && confirm != tenantId)
            fields.Problem("confirm", "must be the id of the tenant");
        if (fields.Problems.Any)
            return Reply.Refused(Refusals.InvalidBody(fields.Problems));

        var (actor, requestId) = (context.Caller().Actor, context.RequestId());
        var result = await gate.ChangeAsync(tenantId, (tenant, now) => tenant.Profile.DeletedAt is { } before
            ? new TenantEdit<Refusal?>(new Refusal(409, "already-deleted", "Tenant is deleted already").With("tenantId", tenantId).With("deletedAt", $"{before:yyyy-MM-ddTHH:mm:ss.fffZ}"))
            : new TenantEdit<Refusal?>(null, tenant.Ledger with { Status = TenantStatus.Deactivated, Pause = null })
            {
                Writes = [TableWrite.Upsert(ProfileRow.Write(tenantId, tenant.Profile with { DeletedAt = now }))],
                // Listed before it stands, so that what stands is removed.
                Preceding = [DeletedTenantRow.Written(tenantId, now, actor)],
                Following = [new AuditEntry(tenantId, now, actor, AuditAction.TenantDeleted, null, null, requestId).ToBatch(ids), PauseEndRow.Gone(tenantId)],
            });
        if ((GateRefusals.Of(result.Status, tenantId) ?? result.Value) is { } refusal)
            return Reply.Refused(refusal);

        await change.FollowAsync(tenantId, TenantStatus.Deactivated, null, actor, client);
        var message = $"Tenant deleted. Its rows are removed after {options.Retention.DeletedTenantDays} days; until then it can be activated.";
        return Reply.Json(202, new StatusChanged(true, TenantStatus.Deactivated.WireName(), message), ContractJson.Default.StatusChanged);
    }
}
