using Headgate.Contracts;
using Headgate.Contracts.Runs;
using Headgate.Core.Access;
using Headgate.Functions.Options;
using Headgate.Functions.Security;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Api.Runs;

/// <summary><c>GET /tenants/{t}/dead-letters</c>.</summary>
public sealed class ListDeadLetters(DeadLetterStore letters, TenantReader tenants)
{
    [Function(nameof(ListDeadLetters))]
    [Access(Permission.DeadLetterRead)]
    [Query(QueryAttribute.Limit, QueryAttribute.After)]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "tenants/{tenantId}/dead-letters")] HttpRequest request,
        string tenantId,
        CancellationToken cancellationToken)
    {
        if (Paging.Read(request, $"dead-letters:{tenantId}", out var refusal) is not { } paging)
            return Reply.Refused(refusal!);
        var (items, more) = await letters.PageAsync(tenantId, paging.After, paging.Limit, cancellationToken);
        if (items.Count == 0 && await tenants.ReadAsync(tenantId, cancellationToken) is null)
            return Reply.Refused(Refusals.TenantNotFound(tenantId));
        return Reply.Ok(new Page<DeadLetterView>(items, more ? paging.Next(items[^1].Id) : null), ContractJson.Default.PageDeadLetterView);
    }
}

/// <summary><c>POST /tenants/{t}/dead-letters/{id}/replay</c>: answered like a submission.</summary>
public sealed class ReplayDeadLetter(Replay replay, HeadgateOptions options)
{
    [Function(nameof(ReplayDeadLetter))]
    [Access(Permission.DeadLetterReplay)]
    [Audits(AuditAction.DeadLetterReplayed)]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "tenants/{tenantId}/dead-letters/{deadLetterId}/replay")] HttpRequest request,
        string tenantId,
        string deadLetterId,
        FunctionContext context,
        CancellationToken cancellationToken)
    {
        using var body = await RequestBody.ReadAsync(request, cancellationToken);
        if (body.Refusal is not null)
            return Reply.Refused(body.Refusal);
        var reader = ObjectReader.Root(body);
        reader.End();
        if (reader.Problems.Any)
            return Reply.Refused(Refusals.InvalidBody(reader.Problems));

        var result = await replay.RunAsync(tenantId, deadLetterId, context.RequestId(), context.TraceContext.TraceParent, cancellationToken);
        return result is { } admission
            ? AdmissionReply.From(admission, tenantId, options.Admission)
            : Reply.Refused(Replay.NotFound(deadLetterId));
    }
}

/// <summary><c>DELETE /tenants/{t}/dead-letters/{id}</c>: it will not be replayed. The run and its attempts stay.</summary>
public sealed class DismissDeadLetter(DeadLetterStore letters)
{
    [Function(nameof(DismissDeadLetter))]
    [Access(Permission.DeadLetterReplay)]
    [Audits(AuditAction.DeadLetterDismissed)]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "tenants/{tenantId}/dead-letters/{deadLetterId}")] HttpRequest request,
        string tenantId,
        string deadLetterId,
        CancellationToken cancellationToken) =>
        await letters.RemoveAsync(tenantId, deadLetterId, cancellationToken)
            ? Reply.NoContent()
            : Reply.Refused(Replay.NotFound(deadLetterId));
}
