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

/// <summary><c>POST /tenants/{t}/keys</c>. The answer is the only place where the key is ever seen.</summary>
public sealed class CreateKey(ITableStore tables, TenantReader tenants, KeyStore keys, KeyAnswers answers, IRandomSource random, NewestFirstIds ids, TimeProvider clock)
{
    /// <summary>Of one tenant. An expired one makes room for the next.</summary>
    public const int MaxKeys = 100;

    private const int RaceTries = 16;

    private static readonly TextRule s_roleName = TextRule.OneOf([.. Roles.All]);

    [Function("CreateKey"), Access(Permission.KeyCreate), Audits(AuditAction.KeyCreated, Itself = true)]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "tenants/{tenantId}/keys")] HttpRequest request,
        string tenantId,
        FunctionContext context,
        CancellationToken cancellationToken)
    {
        using var body = await RequestBody.ReadAsync(request, cancellationToken);
        var idempotencyKey = IdempotencyKey.Read(request, body.Problems);
        if (body.Refusal is { } bad)
            return Reply.Refused(bad);

        var now = clock.GetUtcNow();
        var fields = ObjectReader.Root(body);
        var name = fields.String("name", TextRule.DisplayName, required: true);
        var hasRole = Roles.TryParse(fields.String("role", s_roleName, required: true), out var role);
        var expiresAt = fields.Time("expiresAt");
        if (expiresAt <= now)
            fields.Problem("expiresAt", "must be in the future");
        var scopes = ScopesField.Read(fields, hasRole ? role : null);
        fields.End();
        if (fields.Problems.Any)
            return Reply.Refused(Refusals.InvalidBody(fields.Problems));
        if (KeyGrants.RefuseToGive(Permission.KeyCreate, context.Caller(), new MemberCaller("", tenantId, role) { Scopes = scopes }) is { } refusal)
            return Reply.Refused(refusal);
        if (await tenants.ReadAsync(tenantId, cancellationToken) is null)
            return Reply.Refused(Refusals.TenantNotFound(tenantId));

        var call = KeyCall.Of(request, body, tenantId, "keys", idempotencyKey);
        var (actor, requestId) = (context.Caller().Actor, context.RequestId());
        for (var tries = 0; tries < RaceTries; tries++)
        {
            var earlier = await answers.FindAsync(call, cancellationToken);
            if (earlier is not null && await answers.ReplayAsync(call, earlier, cancellationToken) is { } replay)
                return replay;
            var existing = await tables.QueryAsync(TableQuery.Prefix(Table.Tenants, tenantId, RowKeys.KeyPrefix, MaxKeys + 1), cancellationToken);
            var expired = existing.Rows.Count < MaxKeys ? null : existing.Rows.FirstOrDefault(row => row.Columns.Time("expiresAt") <= now);
            if (existing.Rows.Count >= MaxKeys && expired is null)
                return Reply.Refused(new Refusal(409, "key-limit", "Key limit reached. Revoke keys that are no longer used.").With("limit", MaxKeys));

            var (keyId, key, hash) = ApiKey.Generate(random);
            var holder = new MemberCaller(keyId, tenantId, role) { Scopes = scopes };
            var record = new KeyRecord(keyId, holder, hash, name!, now, expiresAt);
            var answer = KeyAnswers.Body(new KeyCreated(keyId, key, role.WireName(), expiresAt, TenantKeyRow.NamesOf(scopes)));
            var writes = new List<TableWrite>(answers.Remember(call, earlier, keyId, answer, now)) { TableWrite.Insert(TenantKeyRow.Write(tenantId, record, holder)) };
            var dead = new List<TableBatch>(1);
            if (expired is not null)
            {
                writes.Add(TableWrite.DeleteIfExists(tenantId, expired.RowKey));
                dead.Add(new TableBatch(Table.Keys, TableWrite.DeleteIfExists(TenantKeyRow.IdOf(expired), KeyRecord.RowKey)));
            }

            // Listed before it works: whatever remains of a change cut short can be seen and revoked.
            var audit = new AuditEntry(tenantId, now, actor, AuditAction.KeyCreated, keyId, role.WireName(), requestId);
            var change = new TableChange([new TableBatch(Table.Tenants, writes), new TableBatch(Table.Keys, TableWrite.Insert(record.ToRow())), .. dead, audit.ToBatch(ids)]);
            if (!(await tables.SubmitAsync(change, cancellationToken)).Succeeded)
                continue;
            keys.Forget(keyId);
            return KeyAnswers.Created(tenantId, keyId, answer);
        }

        return Reply.Refused(Refusals.Busy);
    }
}
