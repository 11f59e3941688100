using Headgate.Contracts.Runs;
using Headgate.Core.Access;
using Headgate.Functions.Admission;
using Headgate.Functions.Api.Idempotency;
using Headgate.Functions.Api.Runs;
using Headgate.Functions.Options;
using Headgate.Functions.Security;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Stores.Schedules;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Wire;
using Headgate.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Api.Schedules;

/// <summary>
/// <c>POST /tenants/{t}/schedules/{name}/trigger</c>: its run is submitted now, as if somebody sent it. Its occurrences come as before, whether it is
/// enabled or not; they don't wait for this run.
/// </summary>
public sealed class TriggerSchedule(ITableStore tables, TenantReader tenants, RunAdmission admission, HeadgateOptions options)
{
    [Function(nameof(TriggerSchedule))]
    [Access(Permission.RunCreate)]
    [Audits(AuditAction.RunSubmitted)]
    [Does("Submit a schedule's run now"), Takes, Headers("Idempotency-Key", "Prefer")]
    [Answers(202, typeof(RunAccepted), "Location", "Idempotency-Replayed", "Preference-Applied", "Headgate-Warning"), Answers(202, typeof(RunQueued), "Location", "Idempotency-Replayed", "Preference-Applied", "Headgate-Warning")]
    [Refuses(RefusesAttribute.AtTheGate, "schedule-not-found", "idempotency-mismatch")]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "tenants/{tenantId}/schedules/{name}/trigger")] HttpRequest request,
        string tenantId,
        string name,
        FunctionContext context,
        CancellationToken cancellationToken)
    {
        using var body = await RequestBody.ReadAsync(request, cancellationToken);
        var key = IdempotencyKey.Read(request, body.Problems);
        if (body.Refusal is not null)
            return Reply.Refused(body.Refusal);
        var reader = ObjectReader.Root(body);
        reader.End();
        if (reader.Problems.Any)
            return Reply.Refused(Refusals.InvalidBody(reader.Problems));
        if (await tables.GetAsync(Table.Tenants, tenantId, RowKeys.Schedule(name), cancellationToken) is not { } row)
            return Reply.Refused(await tenants.ReadAsync(tenantId, cancellationToken) is null ? Refusals.TenantNotFound(tenantId) : ScheduleViews.NotFound(name));

        var wait = WaitPreference.Read(request);
        var requestId = context.RequestId();
        var application = new RunApplication(
            tenantId,
            ScheduleRow.Read(row).Definition.Run with { Schedule = name },
            RunOrigin.Schedule,
            context.TraceContext.TraceParent,
            (run, acceptance) => RunViews.Accepted(run, acceptance, requestId),
            CreatingCall.Of(request, body, tenantId, $"schedules/{name}/trigger", key).OfRun,
            wait?.Time);
        using var leaving = wait is null ? null : CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, request.HttpContext.RequestAborted);
        return AdmissionReply.From(await admission.ApplyAsync(application, leaving?.Token ?? cancellationToken), tenantId, options.Admission, wait, request.HttpContext);
    }
}
