using Headgate.Core.Access;
using Headgate.Functions.Security;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Security.Keys;
using Headgate.Functions.Stores;
using Headgate.Functions.Wire;
using Headgate.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Api.Keys;

/// <summary><c>DELETE /tenants/{t}/keys/{keyId}</c>: refused here at once, in other processes within 5 seconds.</summary>
public sealed class RevokeKey(ITableStore tables, KeyStore keys, NewestFirstIds ids, TimeProvider clock)
{
    [Function("RevokeKey"), Access(Permission.KeyRevoke), Audits(AuditAction.KeyRevoked, Itself = true)]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "tenants/{tenantId}/keys/{keyId}")] HttpRequest request,
        string tenantId,
        string keyId,
        FunctionContext context,
        CancellationToken cancellationToken)
    {
        if (await tables.GetAsync(Table.Tenants, tenantId, RowKeys.KeyOfTenant(keyId), cancellationToken) is not { } row)
            return Reply.Refused(Refusals.NotFound("Key", "key-not-found", "keyId", keyId));
        if (Roles.TryParse(TenantKeyRow.Read(row).Role, out var role) && !KeyGrants.Covers(context.Caller(), role))
            return Reply.Refused(KeyGrants.Refuse(Permission.KeyRevoke, context.Caller(), role));

        var audit = new AuditEntry(tenantId, clock.GetUtcNow(), context.Caller().Actor, AuditAction.KeyRevoked, keyId, null, context.RequestId());
        // It stops working before it leaves the list, so that a change cut short can be repeated.
        await tables.SubmitAsync(
            new TableChange(
                new TableBatch(Table.Keys, TableWrite.DeleteIfExists(keyId, KeyRecord.RowKey)),
                new TableBatch(Table.Tenants, TableWrite.DeleteIfExists(tenantId, row.RowKey)),
                audit.ToBatch(ids)),
            cancellationToken);
        keys.Forget(keyId);
        return Reply.NoContent();
    }
}
