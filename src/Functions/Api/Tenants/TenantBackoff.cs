using Headgate.Contracts;
using Headgate.Contracts.Agents;
using Headgate.Core.Access;
using Headgate.Functions.Api.Agents;
using Headgate.Functions.Security;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Tasks;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Api.Tenants;

/// <summary><c>GET /tenants/{t}/backoff-status</c>: the tenant's tasks that wait for their next retry.</summary>
public sealed class TenantBackoff(TenantReader tenants, Fleet fleet, AgentViews views)
{
    [Function("GetTenantBackoffStatus"), Access(Permission.RunRead)]
    [Does("List a tenant's tasks that wait for their next retry"), Answers(200, typeof(TenantBackoffView))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "tenants/{tenantId}/backoff-status")] HttpRequest request,
        string tenantId,
        CancellationToken cancellationToken) =>
        await tenants.ReadAsync(tenantId, cancellationToken) is null
            ? Reply.Refused(Refusals.TenantNotFound(tenantId))
            : Reply.Ok(views.Backoff(tenantId, await fleet.LookAsync(cancellationToken)), ContractJson.Default.TenantBackoffView);
}
