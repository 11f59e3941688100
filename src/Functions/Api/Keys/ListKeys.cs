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

namespace Headgate.Functions.Api.Keys;

/// <summary><c>GET /tenants/{t}/keys</c></summary>
public sealed class ListKeys(ITableStore tables, TenantReader tenants)
{
    [Function("ListKeys"), Access(Permission.KeyRead), Query(QueryAttribute.Limit, QueryAttribute.After)]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "tenants/{tenantId}/keys")] HttpRequest request, string tenantId, CancellationToken cancellationToken)
    {
        if (Paging.Read(request, $"keys:{tenantId}", out var refusal) is not { } paging)
            return Reply.Refused(refusal!);
        if (await tenants.ReadAsync(tenantId, cancellationToken) is null)
            return Reply.Refused(Refusals.TenantNotFound(tenantId));

        var page = await ListPage.ReadAsync(tables, Table.Tenants, tenantId, RowKeys.KeyPrefix, paging, cancellationToken);
        return Reply.Ok(new Page<KeyView>([.. page.Rows.Select(TenantKeyRow.Read)], page.Next), ContractJson.Default.PageKeyView);
    }
}
