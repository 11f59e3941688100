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

namespace Headgate.Functions.Api.Tenants;

/// <summary><c>POST /tenants/{t}/keys</c>. The answer is the only place where the key is ever seen.</summary>
public sealed class CreateKey(ITableStore tables, TenantReader tenants, KeyStore keys, IRandomSource random, NewestFirstIds ids, TimeProvider clock)
{
    /// <summary>Of one tenant, expired ones included.</summary>
    public const int MaxKeys = 100;

    private static readonly TextRule RoleName = TextRule.OneOf([.. Roles.All]);

    [Function("CreateKey"), Access(Permission.KeyCreate), Audits(AuditAction.KeyCreated, Itself = true)]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "tenants/{tenantId}/keys")] HttpRequest request,
        string tenantId,
        FunctionContext context,
        CancellationToken cancellationToken)
    {
        using var body = await RequestBody.ReadAsync(request, cancellationToken);
        if (body.Refusal is { } bad)
            return Reply.Refused(bad);

        var now = clock.GetUtcNow();
        var fields = ObjectReader.Root(body);
        var name = fields.String("name", TextRule.DisplayName, required: true);
        _ = Roles.TryParse(fields.String("role", RoleName, required: true), out var role);
        var expiresAt = fields.Time("expiresAt");
        if (expiresAt <= now)
            fields.Problem("expiresAt", "must be in the future");
        fields.End();
        if (fields.Problems.Any)
            return Reply.Refused(Refusals.InvalidBody(fields.Problems));
        if (!KeyGrants.Covers(context.Caller(), role))
            return Reply.Refused(KeyGrants.Refuse(Permission.KeyCreate, context.Caller(), role));
        if (await tenants.ReadAsync(tenantId, cancellationToken) is null)
            return Reply.Refused(Refusals.TenantNotFound(tenantId));
        var existing = await tables.QueryAsync(TableQuery.Prefix(Table.Tenants, tenantId, RowKeys.KeyPrefix, MaxKeys), cancellationToken);
        if (existing.Rows.Count >= MaxKeys)
            return Reply.Refused(new Refusal(409, "key-limit", "Key limit reached. Revoke keys that are no longer used.").With("limit", MaxKeys));

        var (keyId, key, hash) = ApiKey.Generate(random);
        var record = new KeyRecord(keyId, new MemberCaller(keyId, tenantId, role), hash, name!, now, expiresAt);
        var audit = new AuditEntry(tenantId, now, context.Caller().Actor, AuditAction.KeyCreated, keyId, role.WireName(), context.RequestId());
        await tables.SubmitAsync(ChangeOf(tenantId, record, role, audit), cancellationToken);
        keys.Forget(keyId);
        return Reply.Json(201, new KeyCreated(keyId, key, role.WireName(), expiresAt), ContractJson.Default.KeyCreated)
            .WithHeader("Location", $"/tenants/{tenantId}/keys/{keyId}");
    }

    // Listed before it works: whatever remains of a change cut short can be seen and revoked.
    private TableChange ChangeOf(string tenantId, KeyRecord record, Role role, AuditEntry audit) => new(
        new TableBatch(Table.Tenants, TableWrite.Insert(TenantKeyRow.Write(tenantId, record, role))),
        new TableBatch(Table.Keys, TableWrite.Insert(record.ToRow())),
        audit.ToBatch(ids));
}

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

/// <summary>Nobody gives away, or takes, more than they have: a member's reach ends at keys of its own role.</summary>
internal static class KeyGrants
{
    public static bool Covers(Caller caller, Role role) => caller is OperatorCaller || (caller is MemberCaller member && member.Role >= role);

    public static Refusal Refuse(Permission permission, Caller caller, Role role) =>
        Refusals.InsufficientPermission(permission, caller.RoleName).With("role", role.WireName());
}

/// <summary>A tenant's key as its tenant's partition lists it: without the hash.</summary>
internal static class TenantKeyRow
{
    public static TableRow Write(string tenantId, KeyRecord key, Role role) => new(
        tenantId,
        RowKeys.KeyOfTenant(key.KeyId),
        new Columns { { "name", key.Name }, { "role", role.WireName() }, { "createdAt", key.CreatedAt }, { "expiresAt", key.ExpiresAt } });

    public static KeyView Read(TableRow row) => new(
        row.RowKey[RowKeys.KeyPrefix.Length..],
        row.Columns.Required("name"),
        row.Columns.Required("role"),
        row.Columns.Time("createdAt") ?? throw new InvalidDataException("The key has no time."),
        row.Columns.Time("expiresAt"));
}
