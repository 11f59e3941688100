using Headgate.Contracts;
using Headgate.Contracts.Tenants;
using Headgate.Core.Access;
using Headgate.Functions.Security;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Security.Keys;
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
    [Does("List keys"), Answers(200, typeof(Page<KeyView>))]
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

/// <summary><c>DELETE /tenants/{t}/keys/{keyId}</c>: refused here at once, in other processes within 5 seconds.</summary>
public sealed class RevokeKey(ITableStore tables, KeyStore keys, NewestFirstIds ids, TimeProvider clock)
{
    [Function("RevokeKey"), Access(Permission.KeyRevoke), Audits(AuditAction.KeyRevoked, Itself = true)]
    [Does("Revoke a key"), Answers(204), Refuses("key-not-found")]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "tenants/{tenantId}/keys/{keyId}")] HttpRequest request,
        string tenantId,
        string keyId,
        FunctionContext context,
        CancellationToken cancellationToken)
    {
        if (await tables.GetAsync(Table.Tenants, tenantId, RowKeys.KeyOfTenant(keyId), cancellationToken) is not { } row)
            return Reply.Refused(NotFound(keyId));
        if (Roles.TryParse(TenantKeyRow.Read(row).Role, out var role) && !KeyGrants.Covers(context.Caller(), role))
            return Reply.Refused(KeyGrants.Refuse(Permission.KeyRevoke, context.Caller(), role));

        var now = clock.GetUtcNow();
        var audit = new AuditEntry(tenantId, now, context.Caller().Actor, AuditAction.KeyRevoked, keyId, null, context.RequestId());
        // It stops working before it leaves the list, so that a change cut short can be repeated.
        await tables.SubmitAsync(
            new TableChange(
                new TableBatch(Table.Keys, TableWrite.DeleteIfExists(keyId, KeyRecord.RowKey)),
                KeyStore.Change(now),
                new TableBatch(Table.Tenants, TableWrite.DeleteIfExists(tenantId, row.RowKey)),
                audit.ToBatch(ids)),
            cancellationToken);
        keys.Forget(keyId);
        return Reply.NoContent();
    }

    internal static Refusal NotFound(string keyId) => Refusals.NotFound("Key", "key-not-found", "keyId", keyId);
}
