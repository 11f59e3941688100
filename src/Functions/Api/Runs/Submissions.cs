using System.Text.Json;
using Headgate.Contracts;
using Headgate.Contracts.Runs;
using Headgate.Core.Access;
using Headgate.Core.Retry;
using Headgate.Functions.Admission;
using Headgate.Functions.Api.Idempotency;
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
    [Does("Submit a run"), Takes(typeof(SubmitRunRequest)), Headers("Idempotency-Key", "Prefer")]
    [Answers(202, typeof(RunAccepted), "Location", "Idempotency-Replayed", "Preference-Applied", "Headgate-Warning"), Answers(202, typeof(RunQueued), "Location", "Idempotency-Replayed", "Preference-Applied", "Headgate-Warning")]
    [Refuses(RefusesAttribute.AtTheGate, "idempotency-mismatch")]
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

        var wait = WaitPreference.Read(request);
        var requestId = context.RequestId();
        var application = new RunApplication(
            tenantId,
            definition,
            RunOrigin.Api,
            context.TraceContext.TraceParent,
            (run, acceptance) => RunViews.Accepted(run, acceptance, requestId),
            CreatingCall.Of(request, body, tenantId, Route, key).OfRun,
            wait?.Time);
        using var leaving = wait is null ? null : CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, request.HttpContext.RequestAborted);
        return AdmissionReply.From(await admission.ApplyAsync(application, leaving?.Token ?? cancellationToken), tenantId, options.Admission, wait, request.HttpContext);
    }
}

/// <summary>
/// <c>POST /a2a/foreman</c>: the agent-to-agent gateway, through the same gate. Without <c>tasks</c> it makes a run of one task
/// of type <c>runType</c>. A <c>runId</c> that the caller chose serves as its idempotency key: the service names its runs itself. Its callers
/// serve many tenants: every refusal names the one that the body does, once the body has been read.
/// </summary>
public sealed class Foreman(RunAdmission admission, HeadgateOptions options, TimeProvider clock)
{
    private const string Route = "foreman";
    internal static readonly TextRule Trigger = TextRule.OneOf("webhook", "api", "cli", "scheduled");

    [Function(nameof(Foreman))]
    [CheckedInside]
    [Audits(AuditAction.RunSubmitted)]
    [Does("Submit a run for a tenant that the body names"), Takes(typeof(GatewayRequest)), Headers("Idempotency-Key", "Prefer")]
    [Answers(202, typeof(RunView), "Location", "Idempotency-Replayed", "Preference-Applied", "Headgate-Warning")]
    [Refuses(RefusesAttribute.AtTheGate, "idempotency-mismatch", Field = "tenantId")]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "a2a/foreman")] HttpRequest request,
        FunctionContext context,
        CancellationToken cancellationToken)
    {
        using var body = await RequestBody.ReadAsync(request, cancellationToken);
        var key = IdempotencyKey.Read(request, body.Problems);
        if (body.Refusal is not null)
            return Reply.Refused(body.Refusal);
        var reader = ObjectReader.Root(body);
        var tenantId = reader.String("tenantId", TextRule.TenantId, required: true);
        RefusalField.Add(request.HttpContext, "tenantId", tenantId);
        if (tenantId is not null && (await context.Caller().InAsync(tenantId, cancellationToken)).Refuse(Permission.RunCreate, tenantId) is { } denied)
            return Reply.Refused(denied);
        var runId = reader.String("runId", TextRule.DisplayName);
        var definition = Read(reader);
        reader.End();
        if (reader.Problems.Any || tenantId is null)
            return Reply.Refused(Refusals.InvalidBody(reader.Problems));

        var wait = WaitPreference.Read(request);
        key ??= runId is null ? null : $"run:{runId}";
        var application = new RunApplication(
            tenantId,
            definition,
            RunOrigin.Gateway,
            context.TraceContext.TraceParent,
            (run, acceptance) => JsonSerializer.SerializeToUtf8Bytes(
                RunViews.Whole(run, new RunTasks([], []), clock.GetUtcNow(), Surroundings.None, acceptance.Place), ContractJson.Default.RunView),
            CreatingCall.Of(request, body, tenantId, Route, key).OfRun,
            wait?.Time);
        using var leaving = wait is null ? null : CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, request.HttpContext.RequestAborted);
        return AdmissionReply.From(await admission.ApplyAsync(application, leaving?.Token ?? cancellationToken), tenantId, options.Admission, wait, request.HttpContext).About(tenantId);
    }

    private static RunDefinition Read(ObjectReader body)
    {
        var name = body.String("name", TextRule.DisplayName);
        var runType = body.String("runType", TextRule.TaskType);
        var hasTasks = body.Has("tasks");
        var tasks = hasTasks ? SubmissionReader.Tasks(body) : [];
        var payload = SubmissionReader.Payload(body);
        var priority = SubmissionReader.PriorityOf(body);
        body.String("trigger", Trigger);
        var metadata = SubmissionReader.Metadata(body);
        if (!body.Has("name") && !body.Has("runType"))
            body.Problem("name", "is required where there is no runType");
        if (hasTasks && payload is not null)
            body.Problem("payload", "is for runs without tasks");
        if (!hasTasks && !body.Has("runType"))
            body.Problem("runType", "is required where there are no tasks");
        return new RunDefinition(name ?? runType ?? "", priority, metadata, hasTasks ? tasks : [OneTask(runType ?? "", payload)]);
    }

    private static TaskDefinition OneTask(string runType, JsonElement? payload) => new(
        runType,
        runType,
        [],
        null,
        new Dictionary<string, string>(StringComparer.Ordinal),
        SubmissionReader.DefaultTimeoutSeconds,
        RetryPolicy.DefaultName,
        null,
        null,
        payload);
}
