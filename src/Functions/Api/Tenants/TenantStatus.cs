using Headgate.Contracts;
using Headgate.Contracts.Tenants;
using Headgate.Core.Access;
using Headgate.Core.Admission;
using Headgate.Core.Tenants;
using Headgate.Functions.Admission;
using Headgate.Functions.Runs;
using Headgate.Functions.Security;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Tasks;
using Headgate.Functions.Telemetry;
using Headgate.Functions.Wire;
using Headgate.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Headgate.Functions.Api.Tenants;

/// <summary>
/// <c>POST /tenants/{t}/pause</c> and <c>/resume</c>, the emergency brake; <c>/suspend</c>, <c>/activate</c> and <c>/deactivate</c> for operators, each
/// with its reason.
/// </summary>
public sealed class MoveTenant(StatusChange change, TimeProvider clock)
{
    private static readonly TextRule Reason = TextRule.Plain(500);

    [Function("PauseTenant"), Access(Permission.SettingsUpdate), Audits(AuditAction.TenantPaused, Itself = true)]
    [Does("Pause a tenant"), Takes(typeof(PauseRequest))]
    [Answers(200, typeof(StatusChanged)), Refuses("already-paused not-active being-removed busy")]
    public Task<IActionResult> PauseAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "tenants/{tenantId}/pause")] HttpRequest request, string tenantId, FunctionContext context, [DurableClient] DurableTaskClient client) =>
        MoveAsync(request, tenantId, context, StatusMove.Pause, client);

    [Function("ResumeTenant"), Access(Permission.SettingsUpdate), Audits(AuditAction.TenantResumed, Itself = true)]
    [Does("Resume a paused tenant"), Takes(typeof(OptionalReasonRequest))]
    [Answers(200, typeof(StatusChanged)), Refuses("not-paused being-removed busy")]
    public Task<IActionResult> ResumeAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "tenants/{tenantId}/resume")] HttpRequest request, string tenantId, FunctionContext context, [DurableClient] DurableTaskClient client) =>
        MoveAsync(request, tenantId, context, StatusMove.Resume, client);

    [Function("SuspendTenant"), OperatorOnly, Audits(AuditAction.TenantSuspended, Itself = true)]
    [Does("Suspend a tenant"), Takes(typeof(ReasonRequest)), Answers(200, typeof(StatusChanged)), Refuses("invalid-transition being-removed busy")]
    public Task<IActionResult> SuspendAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "tenants/{tenantId}/suspend")] HttpRequest request, string tenantId, FunctionContext context, [DurableClient] DurableTaskClient client) =>
        MoveAsync(request, tenantId, context, StatusMove.Suspend, client);

    [Function("ActivateTenant"), OperatorOnly, Audits(AuditAction.TenantActivated, Itself = true)]
    [Does("Activate a tenant"), Takes(typeof(ReasonRequest)), Answers(200, typeof(StatusChanged)), Refuses("invalid-transition being-removed busy")]
    public Task<IActionResult> ActivateAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "tenants/{tenantId}/activate")] HttpRequest request, string tenantId, FunctionContext context, [DurableClient] DurableTaskClient client) =>
        MoveAsync(request, tenantId, context, StatusMove.Activate, client);

    [Function("DeactivateTenant"), OperatorOnly, Audits(AuditAction.TenantDeactivated, Itself = true)]
    [Does("Deactivate a tenant and cancel its runs"), Takes(typeof(ReasonRequest))]
    [Answers(200, typeof(StatusChanged)), Refuses("invalid-transition being-removed busy")]
    public Task<IActionResult> DeactivateAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "tenants/{tenantId}/deactivate")] HttpRequest request, string tenantId, FunctionContext context, [DurableClient] DurableTaskClient client) =>
        MoveAsync(request, tenantId, context, StatusMove.Deactivate, client);

    private async Task<IActionResult> MoveAsync(HttpRequest request, string tenantId, FunctionContext context, StatusMove move, DurableTaskClient client)
    {
        using var body = await RequestBody.ReadAsync(request, context.CancellationToken);
        if (body.Refusal is { } bad)
            return Reply.Refused(bad);

        var fields = ObjectReader.Root(body);
        var reason = fields.String("reason", Reason, required: move.NeedsReason);
        var until = move == StatusMove.Pause ? fields.Time("until") : null;
        if (until <= clock.GetUtcNow())
            fields.Problem("until", "must be in the future");
        fields.End();
        return fields.Problems.Any
            ? Reply.Refused(Refusals.InvalidBody(fields.Problems))
            : await change.ApplyAsync(context, tenantId, move, reason, until, client);
    }
}

/// <summary>Moves a tenant to another status; once it has answered, admissions and hand-outs go by the new one.</summary>
public sealed class StatusChange(TenantGate gate, TenantWork work, NewestFirstIds ids, ILogger<StatusChange> logger)
{
    /// <param name="until">When a pause ends by itself.</param>
    internal async Task<Reply> ApplyAsync(
        FunctionContext context, string tenantId, StatusMove move, string? reason, DateTimeOffset? until, DurableTaskClient client)
    {
        var (actor, requestId) = (context.Caller().Actor, context.RequestId());
        var result = await gate.ChangeAsync(tenantId, (tenant, now) => Refuse(tenant, move, now) is { } refused
            ? new TenantEdit<Refusal?>(refused)
            : new TenantEdit<Refusal?>(null, move.ApplyTo(tenant.Ledger, new PauseRecord(reason ?? PauseRecord.DefaultReason, actor, now, until)))
            {
                // To activate a tenant that was deleted takes the deletion back.
                Writes = tenant.Profile.DeletedAt is null ? [] : [TableWrite.Upsert(ProfileRow.Write(tenantId, tenant.Profile with { DeletedAt = null }))],
                // Listed before it stands, so that a pause that stands is found when it ends.
                Preceding = until is { } end ? [PauseEndRow.Written(tenantId, end)] : [],
                Following =
                [
                    new AuditEntry(tenantId, now, actor, move.Action, null, reason, requestId).ToBatch(ids),
                    .. until is null ? (TableBatch[])[PauseEndRow.Gone(tenantId)] : [],
                ],
            });
        if ((GateRefusals.Of(result.Status, tenantId) ?? result.Value) is { } refusal)
            return Reply.Refused(refusal);

        logger.TenantMoved(tenantId, move.Action.WireName(), actor);
        await FollowAsync(tenantId, move.To, until, actor, client);
        return Reply.Ok(new StatusChanged(true, move.To.WireName(), move.Message), ContractJson.Default.StatusChanged);
    }

    private static Refusal? Refuse(TenantSnapshot tenant, StatusMove move, DateTimeOffset now) =>
        tenant.Profile.RemovingAt is null ? move.Refuse(tenant.Ledger.StatusAt(now)) : Refusals.BeingRemoved(tenant.TenantId);

    /// <summary>What follows from a change that stands. The caller's leaving does not cut it short.</summary>
    internal async Task FollowAsync(string tenantId, TenantStatus status, DateTimeOffset? until, string actor, DurableTaskClient client)
    {
        if (status == TenantStatus.Active)
        {
            await work.ReleaseAsync(tenantId, client, CancellationToken.None);
            return;
        }

        await work.HoldAsync(tenantId, until, CancellationToken.None);
        if (status == TenantStatus.Suspended)
            await work.StopAsync(tenantId, CancellationToken.None);
        else if (status == TenantStatus.Deactivated)
            await work.CancelAsync(tenantId, actor, client, CancellationToken.None);
    }
}

/// <summary>One way to change a tenant's status.</summary>
/// <param name="To">Where it leads.</param>
/// <param name="Action">As the audit names it.</param>
/// <param name="Message">What the caller is told.</param>
/// <param name="Refuse">Why it is refused from a status; null where it is not.</param>
/// <param name="NeedsReason">Whether the caller must give one.</param>
internal sealed record StatusMove(TenantStatus To, AuditAction Action, string Message, Func<TenantStatus, Refusal?> Refuse, bool NeedsReason = false)
{
    public static readonly StatusMove Pause = new(
        TenantStatus.Paused, AuditAction.TenantPaused, "Tenant paused. New runs will be rejected until resumed.", from => from switch
        {
            TenantStatus.Active => null,
            TenantStatus.Paused => Conflict("already-paused", "Tenant is already paused", from),
            _ => Conflict("not-active", "Can only pause active tenants", from),
        });

    public static readonly StatusMove Resume = new(
        TenantStatus.Active, AuditAction.TenantResumed, "Tenant resumed. New runs will be accepted.",
        from => from == TenantStatus.Paused ? null : Conflict("not-paused", "Tenant is not paused", from));

    public static readonly StatusMove Suspend = ByTable(TenantStatus.Suspended, AuditAction.TenantSuspended, "Tenant suspended. New runs will be rejected until activated.");

    public static readonly StatusMove Activate = ByTable(TenantStatus.Active, AuditAction.TenantActivated, "Tenant activated. New runs will be accepted.");

    public static readonly StatusMove Deactivate = ByTable(TenantStatus.Deactivated, AuditAction.TenantDeactivated, "Tenant deactivated. New runs will be rejected until activated.");

    public Ledger ApplyTo(Ledger ledger, PauseRecord pause) =>
        ledger with { Status = To, Pause = To == TenantStatus.Paused ? pause : null };

    private static StatusMove ByTable(TenantStatus to, AuditAction action, string message) =>
        new(to, action, message, from => TenantTransitions.Allows(from, to) ? null : InvalidTransition(from, to), NeedsReason: true);

    private static Refusal Conflict(string code, string error, TenantStatus from) => new Refusal(409, code, error).With("status", from.WireName());

    private static Refusal InvalidTransition(TenantStatus from, TenantStatus to) =>
        new Refusal(409, "invalid-transition", $"Invalid state transition: {from.WireName()} to {to.WireName()}")
            .With("from", from.WireName())
            .With("to", to.WireName());
}
