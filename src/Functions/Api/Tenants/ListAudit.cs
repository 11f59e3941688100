using Headgate.Contracts;
using Headgate.Contracts.Tenants;
using Headgate.Core.Access;
using Headgate.Functions.Security;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Wire;
using Headgate.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Api.Tenants;

/// <summary><c>GET /tenants/{t}/audit</c>, newest first: a page, or all of it as lines of JSON with its chain.</summary>
public sealed class ListAudit(ITableStore tables, TenantReader tenants, AuditChain chain)
{
    [Function("ListAudit"), Access(Permission.AuditRead), Query(QueryAttribute.Limit, QueryAttribute.After)]
    [Does("List the audit, newest first"), Answers(200, typeof(Page<AuditItem>)), Answers(200, typeof(AuditLine), MediaType = "application/x-ndjson")]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "tenants/{tenantId}/audit")] HttpRequest request, string tenantId, CancellationToken cancellationToken)
    {
        if (Paging.Read(request, $"audit:{tenantId}", out var refusal) is not { } paging)
            return Reply.Refused(refusal!);
        if (await tenants.ReadAsync(tenantId, cancellationToken) is null)
            return Reply.Refused(Refusals.TenantNotFound(tenantId));

        await chain.ChainAsync(tenantId, cancellationToken);
        if (request.Headers.Accept.ToString().Contains(LinesReply.MediaType, StringComparison.OrdinalIgnoreCase))
            return new LinesReply<AuditLine>(chain.RowsAsync(tenantId, cancellationToken).Select(AuditEntry.Line), ContractJson.Default.AuditLine);
        // What is before the first row is of the chain itself, and no list leads there.
        var rows = string.CompareOrdinal(paging.After, RowKeys.AuditRows) < 0 ? paging with { After = RowKeys.AuditRows } : paging;
        var page = await ListPage.ReadAsync(tables, Table.Audit, tenantId, "", rows, cancellationToken);
        return Reply.Ok(new Page<AuditItem>([.. page.Rows.Select(AuditEntry.Read)], page.Next), ContractJson.Default.PageAuditItem);
    }
}
