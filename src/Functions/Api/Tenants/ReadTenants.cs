using Headgate.Contracts;
using Headgate.Contracts.Tenants;
using Headgate.Core.Access;
using Headgate.Functions.Security;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Wire;
using Headgate.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Api.Tenants;

/// <summary><c>GET /tenants</c> and <c>GET /tenants/{t}</c></summary>
public sealed class ReadTenants(ITableStore tables, TenantReader reader, TimeProvider clock)
{
    [Function("ListTenants"), OperatorOnly, Query(QueryAttribute.Limit, QueryAttribute.After)]
    public async Task<IActionResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "tenants")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (Paging.Read(request, "tenants", out var refusal) is not { } paging)
            return Reply.Refused(refusal!);

        var page = await ListPage.ReadAsync(tables, Table.Tenants, RowKeys.TenantDirectory, "", paging, cancellationToken);
        var tenants = await Task.WhenAll(page.Rows.Select(row => reader.ReadAsync(row.RowKey, cancellationToken).AsTask()));
        var now = clock.GetUtcNow();
        var items = tenants.OfType<TenantSnapshot>().Select(tenant => TenantReplies.View(tenant, now)).ToList();
        return Reply.Ok(new Page<TenantView>(items, page.Next), ContractJson.Default.PageTenantView);
    }

    [Function("ReadTenant"), Access(Permission.TenantRead)]
    public async Task<IActionResult> ReadAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "tenants/{tenantId}")] HttpRequest request, string tenantId, CancellationToken cancellationToken) =>
        await reader.ReadAsync(tenantId, cancellationToken) is { } tenant
            ? TenantReplies.Of(200, tenant, clock.GetUtcNow())
            : Reply.Refused(Refusals.TenantNotFound(tenantId));
}
