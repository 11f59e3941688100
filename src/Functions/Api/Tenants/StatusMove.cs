using Headgate.Core.Admission;
using Headgate.Core.Tenants;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Wire;

namespace Headgate.Functions.Api.Tenants;

/// <summary>One way to change a tenant's status.</summary>
/// <param name="To">Where it leads.</param>
/// <param name="Action">As the audit names it.</param>
/// <param name="Message">What the caller is told.</param>
/// <param name="Refuse">Why it is refused from a status; null where it is not.</param>
internal sealed record StatusMove(TenantStatus To, AuditAction Action, string Message, Func<TenantStatus, Refusal?> Refuse)
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
        new(to, action, message, from => TenantTransitions.Allows(from, to) ? null : InvalidTransition(from, to));

    private static Refusal Conflict(string code, string error, TenantStatus from) => new Refusal(409, code, error).With("status", from.WireName());

    private static Refusal InvalidTransition(TenantStatus from, TenantStatus to) =>
        new Refusal(409, "invalid-transition", $"Invalid state transition: {from.WireName()} to {to.WireName()}")
            .With("from", from.WireName())
            .With("to", to.WireName());
}
