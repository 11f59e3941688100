using System.Security.Cryptography;
using Headgate.Core.Access;
using Headgate.Core.Runs;
using Headgate.Functions.Admission;
using Headgate.Functions.Options;
using Headgate.Functions.Security;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Api.Runs;

/// <summary><c>POST /tenants/{t}/runs</c>: 202 means the run and its slot are stored.</summary>
public sealed class SubmitRun(RunAdmission admission, HeadgateOptions options)
{
    private const string Route = "runs";

    [Function(nameof(SubmitRun))]
    [Access(Permission.RunCreate)]
    [Audits(AuditAction.RunSubmitted)]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "tenants/{tenantId}/runs")] HttpRequest request,
        string tenantId,
        FunctionContext context,
        CancellationToken cancellationToken)
    {
        using var body = await RequestBody.ReadAsync(request, cancellationToken);
        var key = IdempotencyKey.Read(request, body.Problems);
        if (body.Refusal is not null)
            return Reply.Refused(body.Refusal);
        var reader = ObjectReader.Root(body);
        var definition = SubmissionReader.Read(reader);
        reader.End();
        if (reader.Problems.Any)
            return Reply.Refused(Refusals.InvalidBody(reader.Problems));

        var requestId = context.RequestId();
        var application = new RunApplication(
            tenantId,
            definition,
            RunOrigin.Api,
            context.TraceContext.TraceParent,
            (run, inFlight, limit) => AcceptedJson.Write(run, inFlight, limit, requestId),
            key is null ? null : (IdempotencyRow.Key(Route, key), Convert.ToHexStringLower(SHA256.HashData(body.Utf8.Span))));
        return AdmissionReply.From(await admission.ApplyAsync(application, cancellationToken), tenantId, options.Admission);
    }
}
