using Headgate.Contracts.Tenants;
using Headgate.Core.Access;
using Headgate.Functions.Admission;
using Headgate.Functions.Api.Idempotency;
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

/// <summary>
/// <c>POST /tenants/{t}/keys/{keyId}/rotate</c>: a new key with the same name, role and scopes, which lives as long as the old one was made to
/// live; the old one dies when the overlap ends, or earlier if it was to. One key has one successor.
/// </summary>
public sealed class RotateKey(ITableStore tables, TenantGate gate, KeyStore keys, RememberedAnswers answers, KeyAnswers shown, IRandomSource random, NewestFirstIds ids, TimeProvider clock)
{
    /// <summary>A week.</summary>
    public const int MaxOverlapSeconds = 604_800;

    private const int RaceTries = 16;

    [Function("RotateKey"), Access(Permission.KeyRotate), Audits(AuditAction.KeyRotated, Itself = true)]
    [Does("Replace a key by a new one"), Takes(typeof(RotateKeyRequest)), Headers("Idempotency-Key")]
    [Answers(201, typeof(KeyCreated), "Location", "Idempotency-Replayed")]
    [Refuses("key-not-found key-rotated key-expired key-limit key-not-shown", "idempotency-mismatch being-removed busy")]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "tenants/{tenantId}/keys/{keyId}/rotate")] HttpRequest request,
        string tenantId,
        string keyId,
        FunctionContext context,
        CancellationToken cancellationToken)
    {
        using var body = await RequestBody.ReadAsync(request, cancellationToken);
        var idempotencyKey = IdempotencyKey.Read(request, body.Problems);
        if (body.Refusal is { } bad)
            return Reply.Refused(bad);
        var fields = ObjectReader.Root(body);
        var overlap = fields.Int("overlapSeconds", 0, MaxOverlapSeconds, required: true);
        fields.End();
        if (fields.Problems.Any)
            return Reply.Refused(Refusals.InvalidBody(fields.Problems));

        var call = CreatingCall.Of(request, body, tenantId, $"keys/{keyId}/rotate", idempotencyKey);
        for (var tries = 0; tries < RaceTries; tries++)
        {
            var earlier = await answers.FindAsync(call, cancellationToken);
            if (await shown.ReplayAsync(call, earlier, cancellationToken) is { } replay)
                return replay;
            if (await TryAsync(call, earlier, keyId, overlap!.Value, context, cancellationToken) is { } reply)
                return await shown.AnswerAsync(call, reply, cancellationToken);
        }

        return Reply.Refused(Refusals.Busy);
    }

    /// <returns>Null where somebody else changed the key meanwhile.</returns>
    private async ValueTask<Reply?> TryAsync(CreatingCall call, TableRow? earlier, string keyId, int overlap, FunctionContext context, CancellationToken cancellationToken)
    {
        var tenantId = call.Partition;
        var now = clock.GetUtcNow();
        if (await tables.GetAsync(Table.Tenants, tenantId, RowKeys.KeyOfTenant(keyId), cancellationToken) is not { } listed
            || await tables.GetAsync(Table.Keys, keyId, KeyRecord.RowKey, cancellationToken) is not { } row)
        {
            return Reply.Refused(RevokeKey.NotFound(keyId));
        }

        var view = TenantKeyRow.Read(listed);
        var (newId, key, hash) = ApiKey.Generate(random);
        var holder = TenantKeyRow.Holder(tenantId, listed, newId);
        if (KeyGrants.RefuseToGive(Permission.KeyRotate, context.Caller(), holder) is { } refusal)
            return Reply.Refused(refusal);
        var made = view;
        if (view.ReplacedBy is { } successor)
        {
            if (await tables.GetAsync(Table.Keys, successor, KeyRecord.RowKey, cancellationToken) is not null)
                return Reply.Refused(new Refusal(409, "key-rotated", "Key was rotated before").With("keyId", keyId).With("replacedBy", successor));
            // It was cut short before it worked, or is revoked. Only its own row still tells how long it was to live.
            if (await tables.GetAsync(Table.Tenants, tenantId, RowKeys.KeyOfTenant(successor), cancellationToken) is { } unfinished)
                made = TenantKeyRow.Read(unfinished);
        }

        if (view.ExpiresAt <= now)
            return Reply.Refused(new Refusal(409, "key-expired", "Key has expired").With("keyId", keyId));

        var dies = Earliest(now.AddSeconds(overlap), view.ExpiresAt, row.Columns.Time("expiresAt"));
        var record = new KeyRecord(newId, holder, hash, view.Name, now, EndOf(made, now));
        var answer = KeyAnswers.Body(new KeyCreated(newId, key, view.Role, record.ExpiresAt, view.Scopes));
        var old = TableWrite.Replace(row.With(new Columns(row.Columns) { ["expiresAt"] = dies }));
        TableWrite[] writes =
        [
            .. answers.RememberSealed(call, earlier, newId, answer, now),
            TableWrite.Replace(TenantKeyRow.Replaced(listed, dies, newId)),
            TableWrite.Insert(TenantKeyRow.Write(tenantId, record, holder)),
        ];
        var audit = new AuditEntry(tenantId, now, context.Caller().Actor, AuditAction.KeyRotated, keyId, newId, context.RequestId());
        // The old key's end comes first: a change cut short leaves no key that lives longer than the list says.
        var listing = new KeyListing(
            tables,
            tenantId,
            writes,
            [new TableBatch(Table.Keys, old), KeyStore.Change(now)],
            [new TableBatch(Table.Keys, TableWrite.Insert(record.ToRow())), audit.ToBatch(ids)],
            replaces: true);
        var result = await gate.SubmitAsync(tenantId, listing);
        keys.Forget(keyId);
        keys.Forget(newId);
        if (result.Status == GateStatus.Conflict)
            return null;
        return (GateRefusals.Of(result.Status, tenantId) ?? result.Value) is { } refused ? Reply.Refused(refused) : KeyAnswers.Created(tenantId, newId, answer);
    }

    private static DateTimeOffset Earliest(DateTimeOffset end, params ReadOnlySpan<DateTimeOffset?> others)
    {
        foreach (var other in others)
        {
            if (other < end)
                end = other.Value;
        }

        return end;
    }

    // A long life may lead beyond the last time there is.
    private static DateTimeOffset? EndOf(KeyView old, DateTimeOffset now)
    {
        var life = old.ExpiresAt - old.CreatedAt;
        return life > DateTimeOffset.MaxValue - now ? old.ExpiresAt : now + life;
    }
}
