using Headgate.Functions.Security;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Headgate.Functions.Api.Tenants;

/// <summary><c>POST /tenants/{t}/suspend</c>, <c>/activate</c> and <c>/deactivate</c>, each with its reason.</summary>
public sealed class OperateTenant(StatusChange change)
{
    [Function("SuspendTenant"), OperatorOnly, Audits(AuditAction.TenantSuspended, Itself = true)]
    public Task<IActionResult> SuspendAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "tenants/{tenantId}/suspend")] HttpRequest request,
        string tenantId,
        FunctionContext context,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => MoveAsync(request, tenantId, context, StatusMove.Suspend, client, cancellationToken);

    [Function("ActivateTenant"), OperatorOnly, Audits(AuditAction.TenantActivated, Itself = true)]
    public Task<IActionResult> ActivateAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "tenants/{tenantId}/activate")] HttpRequest request,
        string tenantId,
        FunctionContext context,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => MoveAsync(request, tenantId, context, StatusMove.Activate, client, cancellationToken);

    [Function("DeactivateTenant"), OperatorOnly, Audits(AuditAction.TenantDeactivated, Itself = true)]
    public Task<IActionResult> DeactivateAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "tenants/{tenantId}/deactivate")] HttpRequest request,
        string tenantId,
        FunctionContext context,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => MoveAsync(request, tenantId, context, StatusMove.Deactivate, client, cancellationToken);

    private async Task<IActionResult> MoveAsync(
        HttpRequest request, string tenantId, FunctionContext context, StatusMove move, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var (reason, refusal) = await ReasonField.ReadAsync(request, required: true, cancellationToken);
        return refusal is null
            ? await change.ApplyAsync(context, tenantId, move, reason, null, client)
            : Reply.Refused(refusal);
    }
}
