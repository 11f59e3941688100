using System.Text.Json;
using Headgate.Contracts;
using Headgate.Contracts.Tenants;
using Headgate.Core.Admission;
using Headgate.Core.Plans;
using Headgate.Core.Retry;
using Headgate.Functions.Api.Idempotency;
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

/// <summary>
/// <c>POST /tenants</c>. An idempotency key is taken for a body before anything is made, so that another body finds it taken; what is answered is
/// written with the tenant itself. Whoever sends the call again after it was cut short makes the tenant, or finds it made.
/// </summary>
public sealed class CreateTenant(ITableStore tables, RememberedAnswers answers, NewestFirstIds ids, TimeProvider clock)
{
    private const int RaceTries = 16;

    [Function("CreateTenant"), OperatorOnly, Audits(AuditAction.TenantCreated, Itself = true)]
    [Does("Create a tenant"), Takes(typeof(CreateTenantRequest)), Headers("Idempotency-Key")]
    [Answers(201, typeof(TenantView), "Location", "ETag", "Idempotency-Replayed"), Refuses("tenant-exists unknown-plan idempotency-mismatch busy")]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "tenants")] HttpRequest request, FunctionContext context, CancellationToken cancellationToken)
    {
        using var body = await RequestBody.ReadAsync(request, cancellationToken);
        var key = IdempotencyKey.Read(request, body.Problems);
        if (body.Refusal is { } bad)
            return Reply.Refused(bad);

        var fields = ObjectReader.Root(body);
        var id = fields.String("id", TextRule.TenantId, required: true);
        var name = fields.String("name", TextRule.DisplayName, required: true);
        var plan = PlanField.Read(fields, required: true, out var unknownPlan);
        var now = clock.GetUtcNow();
        var limits = LimitsField.Read(fields, now);
        fields.End();
        if (fields.Problems.Any)
            return Reply.Refused(PlanField.Refuse(fields.Problems, unknownPlan));

        var call = CreatingCall.Of(request, body, null, "tenants", key);
        var (taken, answered) = await TakeKeyAsync(call, id!, now, cancellationToken);
        if (answered is not null)
            return answered;

        var ledger = Ledger.Open(plan!, limits?.ApplyTo(LimitOverrides.None, now) ?? LimitOverrides.None, now);
        var profile = new TenantProfile(name!, now);
        var tenant = new TenantSnapshot(id!, ledger, "", profile, new Dictionary<string, RetryPolicy>());
        var answer = Reply.BodyOf(TenantReplies.View(tenant, now), ContractJson.Default.TenantView);
        var audit = new AuditEntry(id, now, context.Caller().Actor, AuditAction.TenantCreated, null, null, context.RequestId());
        // An answer of an earlier tenant of this name would go with that tenant: there can be none.
        var remembered = RememberedAnswers.Remember(call with { Partition = id! }, null, id!, answer, now);
        if ((await tables.SubmitAsync(ChangeOf(id!, ledger, profile, remembered, audit), cancellationToken)).Succeeded)
            return Created(id!, answer);

        // It may have been made by this very call, sent before.
        if (await MadeAsync(call, id!, cancellationToken) is { } made)
            return made;
        // Refusals are not remembered.
        if (taken is not null)
            await tables.SubmitAsync(new TableChange(new TableBatch(Table.Tenants, TableWrite.Delete(taken))), cancellationToken);
        return Reply.Refused(new Refusal(409, "tenant-exists", "Tenant already exists").With("tenantId", id));
    }

    /// <returns>The row that says which body the key is for, or the answer to this call.</returns>
    private async ValueTask<(TableRow? Taken, Reply? Answered)> TakeKeyAsync(CreatingCall call, string tenantId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        for (var tries = 0; call.RowKey is not null && tries < RaceTries; tries++)
        {
            var row = await answers.FindAsync(call, cancellationToken);
            switch (await answers.ReadAsync(call, row))
            {
                case EarlierAnswer.Mismatch:
                    return (null, Reply.Refused(Refusals.IdempotencyMismatch));
                case EarlierAnswer.Known:
                    return (row, await MadeAsync(call, tenantId, cancellationToken));
            }

            var take = RememberedAnswers.Remember(call, row, tenantId, [], now)[0];
            var outcome = await tables.SubmitAsync(new TableChange(new TableBatch(Table.Tenants, take)), cancellationToken);
            if (outcome.Succeeded)
                return (take.Row with { ETag = outcome.ETags[0][0] }, null);
        }

        return (null, call.RowKey is null ? null : Reply.Refused(Refusals.Busy));
    }

    /// <returns>The first answer; null where this call has made no such tenant.</returns>
    private async ValueTask<Reply?> MadeAsync(CreatingCall call, string tenantId, CancellationToken cancellationToken)
    {
        var own = call with { Partition = tenantId };
        return await answers.ReadAsync(own, await answers.FindAsync(own, cancellationToken)) is EarlierAnswer.Known(_, var answer)
            ? Replays.Again(Created(tenantId, answer))
            : null;
    }

    private static Reply Created(string tenantId, byte[] answer) => Reply.Bytes(201, answer)
        .WithHeader("Location", $"/tenants/{tenantId}")
        .WithHeader("ETag", JsonSerializer.Deserialize(answer, ContractJson.Default.TenantView)!.ETag);

    // The directory comes first: an entry without its tenant is skipped by lists, a tenant without its entry would be lost to them.
    // It is written once more behind it: who removes the last of an earlier tenant of this name may have taken it away in between.
    private TableChange ChangeOf(string id, Ledger ledger, TenantProfile profile, IReadOnlyList<TableWrite> remembered, AuditEntry audit)
    {
        var listed = new TableBatch(Table.Tenants, TableWrite.Upsert(new TableRow(RowKeys.TenantDirectory, id, [])));
        return new(
            listed,
            new TableBatch(Table.Tenants, [TableWrite.Insert(LedgerRow.Write(id, ledger, null)), TableWrite.Insert(ProfileRow.Write(id, profile)), .. remembered]),
            listed,
            audit.ToBatch(ids));
    }
}
