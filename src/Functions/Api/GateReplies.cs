using System.Globalization;
using Headgate.Core.Admission;
using Headgate.Core.Tenants;
using Headgate.Functions.Admission;
using Headgate.Functions.Api.Runs;
using Headgate.Functions.Options;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;

namespace Headgate.Functions.Api;

/// <summary>How the gate's failures to decide are answered.</summary>
public static class GateRefusals
{
    /// <summary>Null where the gate has decided.</summary>
    public static Refusal? Of(GateStatus status, string tenantId) => status switch
    {
        GateStatus.Done => null,
        GateStatus.NoTenant => Refusals.TenantNotFound(tenantId),
        _ => Refusals.Busy,
    };
}

/// <summary>Tells a caller what became of an application, in the words of the contract.</summary>
public static class AdmissionReply
{
    /// <summary>Names the limits of the month that are nearly used up.</summary>
    public const string WarningHeader = "Headgate-Warning";

    /// <param name="result">What became of it.</param>
    /// <param name="tenantId">Whose it is.</param>
    /// <param name="options">For the text of refusals.</param>
    /// <param name="wait">How long the caller preferred to be held for a slot; null where it did not say.</param>
    /// <param name="http">The call.</param>
    public static Reply From(GateResult<AdmissionResult> result, string tenantId, AdmissionOptions options, WaitPreference? wait, HttpContext http)
    {
        var reply = From(result, tenantId, options);
        if (wait is null || result.Value is not (AdmissionResult.Admitted or AdmissionResult.Refused { WasHeld: true }))
            return reply;
        UnmeasuredCall.Mark(http);
        return reply.WithHeader("Preference-Applied", wait.Applied);
    }

    public static Reply From(GateResult<AdmissionResult> result, string tenantId, AdmissionOptions options)
    {
        if (GateRefusals.Of(result.Status, tenantId) is { } undecided)
            return Reply.Refused(undecided);
        return result.Value switch
        {
            AdmissionResult.Admitted { Warnings.Count: > 0 } warned => Accepted(tenantId, warned.RunId, warned.Answer).WithHeader(WarningHeader, TextOf(warned.Warnings)),
            AdmissionResult.Admitted admitted => Accepted(tenantId, admitted.RunId, admitted.Answer),
            AdmissionResult.Replayed replayed => Accepted(tenantId, replayed.RunId, replayed.Answer).WithHeader("Idempotency-Replayed", "true"),
            AdmissionResult.Mismatch => Reply.Refused(Refusals.IdempotencyMismatch),
            AdmissionResult.Invalid invalid => Reply.Refused(Refusals.InvalidBody(invalid.Problems)),
            AdmissionResult.Refused refused => Reply.Refused(RefusalOf(refused.Decision, options)),
            _ => throw new InvalidOperationException("An application has no result."),
        };
    }

    private static Reply Accepted(string tenantId, string runId, byte[] answer) =>
        Reply.Bytes(202, answer).WithHeader("Location", RunViews.Self(tenantId, runId));

    private static string TextOf(IReadOnlyList<LimitUse> warnings) =>
        string.Join(", ", warnings.Select(use => string.Create(CultureInfo.InvariantCulture, $"{use.Code};used={use.Used};limit={use.Limit}")));

    private static Refusal RefusalOf(AdmissionDecision decision, AdmissionOptions options) => decision switch
    {
        AdmissionDecision.Paused paused => new Refusal(503, "tenant-paused", "Tenant is temporarily paused") { RetryAfter = paused.RetryAfterSeconds }
            .With("status", TenantStatus.Paused.WireName())
            .With("message", "Run processing is temporarily suspended. Try again later."),
        AdmissionDecision.NotActive inactive => new Refusal(403, "tenant-not-active", "Tenant is not active")
            .With("status", inactive.Status.WireName())
            .With("message", "Contact support to reactivate your account"),
        AdmissionDecision.MonthlyLimit month => new Refusal(429, RefusalCodes.MonthlyLimit, "Plan limit exceeded") { RetryAfter = month.RetryAfterSeconds, RetryAfterInBody = false }
            .With("reason", month.Reason)
            .With("currentUsage", month.CurrentUsage)
            .With("limit", month.Limit)
            .With("plan", month.Plan.Id)
            .With("upgradeUrl", options.UpgradeUrl),
        AdmissionDecision.BudgetReached budget => new Refusal(429, RefusalCodes.BudgetReached, "Budget reached") { RetryAfter = budget.RetryAfterSeconds, RetryAfterInBody = false }
            .With("reason", budget.Reason)
            .With("budget", budget.Budget)
            .With("currentUsage", budget.CurrentUsage)
            .With("limit", budget.Limit)
            .With("plan", budget.Plan.Id),
        AdmissionDecision.ConcurrencyLimit cap => new Refusal(429, RefusalCodes.ConcurrencyLimit, "Concurrency limit exceeded") { RetryAfter = cap.RetryAfterSeconds }
            .With("reason", cap.Reason)
            .With("currentUsage", cap.CurrentUsage)
            .With("limit", cap.Limit)
            .With("plan", cap.Plan.Id),
        AdmissionDecision.QueueFull full => new Refusal(429, RefusalCodes.QueueFull, "Queue of waiting runs is full") { RetryAfter = full.RetryAfterSeconds }
            .With("reason", full.Reason)
            .With("currentUsage", full.CurrentUsage)
            .With("limit", full.Limit)
            .With("plan", full.Plan.Id),
        _ => throw new InvalidOperationException("An admission is no refusal."),
    };
}
