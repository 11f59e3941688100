using Headgate.Contracts.Tenants;
using Headgate.Core.Access;
using Headgate.Functions.Admission;
using Headgate.Functions.Api.Idempotency;
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
public sealed class CreateKey(ITableStore tables, TenantReader tenants, TenantGate gate, KeyStore keys, RememberedAnswers answers, KeyAnswers shown, IRandomSource random, NewestFirstIds ids, TimeProvider clock)
{
    private const int RaceTries = 16;

    private static readonly TextRule s_roleName = TextRule.OneOf([.. Roles.All]);

    [Function("CreateKey"), Access(Permission.KeyCreate), Audits(AuditAction.KeyCreated, Itself = true)]
    [Does("Make a key"), Takes(typeof(CreateKeyRequest)), Headers("Idempotency-Key")]
    [Answers(201, typeof(KeyCreated), "Location", "Idempotency-Replayed")]
    [Refuses("key-limit key-not-shown", "idempotency-mismatch being-removed busy")]
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

        var call = CreatingCall.Of(request, body, tenantId, "keys", idempotencyKey);
        var (actor, requestId) = (context.Caller().Actor, context.RequestId());
        for (var tries = 0; tries < RaceTries; tries++)
        {
            var earlier = await answers.FindAsync(call, cancellationToken);
            if (await shown.ReplayAsync(call, earlier, cancellationToken) is { } replay)
                return replay;

            var (keyId, key, hash) = ApiKey.Generate(random);
            var holder = new MemberCaller(keyId, tenantId, role) { Scopes = scopes };
            var record = new KeyRecord(keyId, holder, hash, name!, now, expiresAt);
            var answer = KeyAnswers.Body(new KeyCreated(keyId, key, role.WireName(), expiresAt, TenantKeyRow.NamesOf(scopes)));
            TableWrite[] writes = [.. answers.RememberSealed(call, earlier, keyId, answer, now), TableWrite.Insert(TenantKeyRow.Write(tenantId, record, holder))];
            // Listed before it works: whatever remains of a change cut short can be seen and revoked.
            var audit = new AuditEntry(tenantId, now, actor, AuditAction.KeyCreated, keyId, role.WireName(), requestId);
            TableBatch[] following = [new TableBatch(Table.Keys, TableWrite.Insert(record.ToRow())), audit.ToBatch(ids)];
            var result = await gate.SubmitAsync(tenantId, new KeyListing(tables, tenantId, writes, [], following, replaces: false));
            if (result.Status == GateStatus.Conflict)
                continue;
            if ((GateRefusals.Of(result.Status, tenantId) ?? result.Value) is { } refused)
                return await shown.AnswerAsync(call, Reply.Refused(refused), cancellationToken);
            keys.Forget(keyId);
            return KeyAnswers.Created(tenantId, keyId, answer);
        }

        return Reply.Refused(Refusals.Busy);
    }
}
