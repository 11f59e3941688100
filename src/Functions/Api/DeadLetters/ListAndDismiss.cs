using Headgate.Contracts;
using Headgate.Contracts.Runs;
using Headgate.Core.Access;
using Headgate.Functions.Runs.Redrive;
using Headgate.Functions.Security;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Wire;
using Headgate.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Api.DeadLetters;

/// <summary><c>GET /tenants/{t}/dead-letters</c>: a page, or all of them as lines of JSON. A filtered page looks at no more than 1,000 rows and may be short.</summary>
public sealed class ListDeadLetters(DeadLetterReader letters, TenantReader tenants)
{
    [Function(nameof(ListDeadLetters))]
    [Access(Permission.DeadLetterRead)]
    [Query(QueryAttribute.Limit, QueryAttribute.After, "category", "type", "since", "until")]
    [Does("List dead letters"), Answers(200, typeof(Page<DeadLetterView>)), Answers(200, typeof(DeadLetterView), MediaType = LinesReply.MediaType)]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "tenants/{tenantId}/dead-letters")] HttpRequest request,
        string tenantId,
        CancellationToken cancellationToken)
    {
        var problems = UnknownParameters.ProblemsOf(request);
        var filter = FilterFields.OfQuery(request, problems);
        var paging = Paging.Read(request, $"dead-letters:{tenantId}:{(filter == DeadLetterFilter.All ? "" : filter.Name)}", problems);
        if (problems.Any)
            return Reply.Refused(Refusals.InvalidRequest(problems));
        var asLines = request.Headers.Accept.ToString().Contains(LinesReply.MediaType, StringComparison.OrdinalIgnoreCase);
        if (asLines && await tenants.ReadAsync(tenantId, cancellationToken) is not null)
            return new LinesReply<DeadLetterView>(letters.AllAsync(tenantId, filter, paging.After, cancellationToken), ContractJson.Default.DeadLetterView);

        var (items, last) = await letters.PageAsync(tenantId, filter, paging.After, paging.Limit, cancellationToken);
        if (items.Count == 0 && await tenants.ReadAsync(tenantId, cancellationToken) is null)
            return Reply.Refused(Refusals.TenantNotFound(tenantId));
        return Reply.Ok(new Page<DeadLetterView>(items, paging.Next(last)), ContractJson.Default.PageDeadLetterView);
    }
}

/// <summary><c>DELETE /tenants/{t}/dead-letters/{id}</c>: it will not be replayed. The run and its attempts stay.</summary>
public sealed class DismissDeadLetter(DeadLetterReader letters, ITableStore tables, NewestFirstIds ids, TimeProvider clock)
{
    private static readonly TextRule Reason = TextRule.Plain(500);

    [Function(nameof(DismissDeadLetter))]
    [Access(Permission.DeadLetterReplay)]
    [Audits(AuditAction.DeadLetterDismissed, Itself = true)]
    [Does("Dismiss a dead letter"), Takes(typeof(OptionalReasonRequest)), Answers(204), Refuses("dead-letter-not-found")]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "tenants/{tenantId}/dead-letters/{deadLetterId}")] HttpRequest request,
        string tenantId,
        string deadLetterId,
        FunctionContext context,
        CancellationToken cancellationToken)
    {
        using var body = await RequestBody.ReadAsync(request, cancellationToken);
        if (body.Refusal is not null)
            return Reply.Refused(body.Refusal);
        var fields = ObjectReader.Root(body);
        var reason = fields.String("reason", Reason);
        fields.End();
        if (fields.Problems.Any)
            return Reply.Refused(Refusals.InvalidBody(fields.Problems));

        if (await letters.FindAsync(tenantId, deadLetterId, cancellationToken) is not { } row)
            return Reply.Refused(ReplayDeadLetter.NotFound(deadLetterId));
        var audit = new AuditEntry(tenantId, clock.GetUtcNow(), context.Caller().Actor, AuditAction.DeadLetterDismissed, deadLetterId, reason, context.RequestId());
        var change = new TableChange([new TableBatch(Table.DeadLetters, TableWrite.Delete(row)), audit.ToBatch(ids)], []);
        return (await tables.SubmitAsync(change, CancellationToken.None)).Succeeded ? Reply.NoContent() : Reply.Refused(ReplayDeadLetter.NotFound(deadLetterId));
    }
}
