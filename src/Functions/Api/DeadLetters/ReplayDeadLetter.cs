using Headgate.Core.Access;
using Headgate.Functions.Api.Runs;
using Headgate.Functions.Options;
using Headgate.Functions.Security;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Api.DeadLetters;

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
