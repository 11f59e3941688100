using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Headgate.Contracts;
using Headgate.Contracts.Runs;
using Headgate.Core.Access;
using Headgate.Core.Admission;
using Headgate.Core.Runs;
using Headgate.Core.Tenants;
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

/// <summary>Tells a caller what became of an application, in the words of the contract.</summary>
public static class AdmissionReply
{
    public static Reply From(GateResult<AdmissionResult> result, string tenantId, AdmissionOptions options)
    {
        switch (result.Status)
        {
            case GateStatus.NoTenant:
                return Reply.Refused(Refusals.TenantNotFound(tenantId));
            case GateStatus.Busy:
            case GateStatus.Conflict:
                return Reply.Refused(Refusals.Busy);
        }

        return result.Value switch
        {
            AdmissionResult.Admitted admitted => Accepted(tenantId, admitted.RunId, admitted.Answer),
            AdmissionResult.Replayed replayed => Accepted(tenantId, replayed.RunId, replayed.Answer).WithHeader("Idempotency-Replayed", "true"),
            AdmissionResult.Mismatch => Reply.Refused(new Refusal(422, "idempotency-mismatch", "The Idempotency-Key was used before with another body")),
            AdmissionResult.Invalid invalid => Reply.Refused(Refusals.InvalidBody(invalid.Problems)),
            AdmissionResult.Refused refused => Reply.Refused(RefusalOf(refused.Decision, options)),
            _ => throw new InvalidOperationException("An application has no result."),
        };
    }

    private static Reply Accepted(string tenantId, string runId, byte[] answer) =>
        Reply.Bytes(202, answer).WithHeader("Location", RunViews.Self(tenantId, runId));

    private static Refusal RefusalOf(AdmissionDecision decision, AdmissionOptions options) => decision switch
    {
        AdmissionDecision.Paused paused => new Refusal(503, "tenant-paused", "Tenant is temporarily paused") { RetryAfter = paused.RetryAfterSeconds }
            .With("status", TenantStatus.Paused.WireName())
            .With("message", "Run processing is temporarily suspended. Try again later."),
        AdmissionDecision.NotActive inactive => new Refusal(403, "tenant-not-active", "Tenant is not active")
            .With("status", inactive.Status.WireName())
            .With("message", "Contact support to reactivate your account"),
        AdmissionDecision.MonthlyLimit month => new Refusal(429, "monthly-limit", "Plan limit exceeded") { RetryAfter = month.RetryAfterSeconds, RetryAfterInBody = false }
            .With("reason", month.Reason)
            .With("currentUsage", month.CurrentUsage)
            .With("limit", month.Limit)
            .With("plan", month.Plan.Id)
            .With("upgradeUrl", options.UpgradeUrl),
        AdmissionDecision.ConcurrencyLimit cap => new Refusal(429, "concurrency-limit", "Concurrency limit exceeded") { RetryAfter = cap.RetryAfterSeconds }
            .With("reason", cap.Reason)
            .With("currentUsage", cap.CurrentUsage)
            .With("limit", cap.Limit)
            .With("plan", cap.Plan.Id),
        _ => throw new InvalidOperationException("An admission is no refusal."),
    };
}

/// <summary>
/// The body of a 202, written as <see cref="ContractJson"/> would write it. It has no times, and only without their converter does the
/// generated code write a whole object in one go.
/// </summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(RunAccepted))]
internal sealed partial class AcceptedJson : JsonSerializerContext
{
    public static byte[] Write(RunRecord run, int inFlight, int limit, string requestId)
    {
        var runId = run.RunId;
        return JsonSerializer.SerializeToUtf8Bytes(
            new RunAccepted(runId, RunStatus.Pending.WireName(), inFlight, limit, RunViews.Links(run.TenantId, runId), requestId),
            Default.RunAccepted);
    }
}
