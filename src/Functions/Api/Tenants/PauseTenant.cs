using Headgate.Core.Access;
using Headgate.Functions.Security;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Headgate.Functions.Api.Tenants;

/// <summary><c>POST /tenants/{t}/pause</c> and <c>/resume</c>: the emergency brake.</summary>
public sealed class PauseTenant(StatusChange change, TimeProvider clock)
{
    [Function("PauseTenant"), Access(Permission.SettingsUpdate), Audits(AuditAction.TenantPaused, Itself = true)]
    public async Task<IActionResult> PauseAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "tenants/{tenantId}/pause")] HttpRequest request,
        string tenantId,
        FunctionContext context,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        using var body = await RequestBody.ReadAsync(request, cancellationToken);
        if (body.Refusal is { } bad)
            return Reply.Refused(bad);

        var fields = ObjectReader.Root(body);
        var reason = fields.String("reason", ReasonField.Rule);
        var until = fields.Time("until");
        if (until <= clock.GetUtcNow())
            fields.Problem("until", "must be in the future");
        fields.End();
        return fields.Problems.Any
            ? Reply.Refused(Refusals.InvalidBody(fields.Problems))
            : await change.ApplyAsync(context, tenantId, StatusMove.Pause, reason, until, client);
    }

    [Function("ResumeTenant"), Access(Permission.SettingsUpdate), Audits(AuditAction.TenantResumed, Itself = true)]
    public async Task<IActionResult> ResumeAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "tenants/{tenantId}/resume")] HttpRequest request,
        string tenantId,
        FunctionContext context,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var (reason, refusal) = await ReasonField.ReadAsync(request, required: false, cancellationToken);
        return refusal is not null
            ? Reply.Refused(refusal)
            : await change.ApplyAsync(context, tenantId, StatusMove.Resume, reason, null, client);
    }
}
