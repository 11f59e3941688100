using Headgate.Contracts;
using Headgate.Contracts.Tenants;
using Headgate.Core.Access;
using Headgate.Functions.Security;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Wire;
using Headgate.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Api.Tenants;

/// <summary><c>GET /tenants/{t}/audit</c>, newest first.</summary>
public sealed class ListAudit(ITableStore tables, TenantReader tenants)
{
    [Function("ListAudit"), Access(Permission.AuditRead), Query(QueryAttribute.Limit, QueryAttribute.After)]
    [Does("List the audit, newest first"), Answers(200, typeof(Page<AuditItem>))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "tenants/{tenantId}/audit")] HttpRequest request, string tenantId, CancellationToken cancellationToken)
    {
        if (Paging.Read(request, $"audit:{tenantId}", out var refusal) is not { } paging)
            return Reply.Refused(refusal!);
        if (await tenants.ReadAsync(tenantId, cancellationToken) is null)
            return Reply.Refused(Refusals.TenantNotFound(tenantId));

        var page = await ListPage.ReadAsync(tables, Table.Audit, tenantId, "", paging, cancellationToken);
        return Reply.Ok(new Page<AuditItem>([.. page.Rows.Select(AuditEntry.Read)], page.Next), ContractJson.Default.PageAuditItem);
    }
}
