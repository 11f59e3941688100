using Headgate.Core.Admission;
using Headgate.Core.Validation;
using Headgate.Functions.Options;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Telemetry;
using Headgate.Ports;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Headgate.Functions.Admission;

/// <summary>The gate every origin of runs goes through: API, gateway, replay and schedules.</summary>
public sealed class RunAdmission(
    TenantGate gate,
    ITableStore tables,
    AgentReader agents,
    NewestFirstIds ids,
    BelievedClock believed,
    Metrics metrics,
    Indicators indicators,
    RefusalTally refusals,
    HeadgateOptions options,
    IRandomSource random,
    TimeProvider clock,
    IHostApplicationLifetime lifetime,
    ILogger<RunAdmission> logger)
{
    /// <summary>The refusal's of a run that is not valid.</summary>
    public const string InvalidCode = "invalid-request";

    private readonly Func<double> _chance = random.NextDouble;

    /// <param name="application">What is asked for.</param>
    /// <param name="cancellationToken">Cancelled when the caller leaves: a held application then gives up its place.</param>
    public async ValueTask<GateResult<AdmissionResult>> ApplyAsync(RunApplication application, CancellationToken cancellationToken)
    {
        var problems = new Problems();
        await RunChecks.CheckPinsAsync(agents, application.TenantId, application.Definition, problems, "", cancellationToken);
        var began = clock.GetTimestamp();
        var hold = application.Wait is { } wait ? new HoldRequest(began, wait, cancellationToken, lifetime.ApplicationStopping) : null;
        using var send = Tracing.BeginSend(RunQueue.Name, application.TraceParent);
        var traced = send is null ? application : application with { TraceParent = send.Id };
        var result = await gate.SubmitAsync(
            application.TenantId, new AdmitRun(traced, problems, tables, ids, options.Admission.IdempotencyKept, believed, hold, _chance));
        Tracing.End(send?.SetTag("headgate.run.id", (result.Value as AdmissionResult.Admitted)?.RunId), happened: result.Value is AdmissionResult.Admitted);
        Count(application, result, clock.GetElapsedTime(began));
        return result;
    }

    private void Count(RunApplication application, GateResult<AdmissionResult> result, TimeSpan took)
    {
        if (result.Status is GateStatus.Busy or GateStatus.Conflict)
            metrics.Submitted("busy", "unknown");
        else if (result.Value is AdmissionResult.Admitted admitted)
        {
            metrics.Submitted(admitted.IsQueued ? "queued" : "admitted", admitted.PlanId);
            if (admitted.ShadowRefusal is { } code)
                metrics.WouldHaveRefused(code, admitted.PlanId);
            // What was held by its own wish tells nothing of the gate's speed.
            if (application.Wait is null)
                indicators.Note(Indicators.AdmissionLatency, took, admitted.PlanId);
            logger.RunAdmitted(admitted.RunId, application.TenantId, application.Origin, admitted.PlanId, took.TotalMilliseconds);
        }
        else if (result.Value is AdmissionResult.Refused refused)
        {
            metrics.Submitted(CodeOf(refused.Decision), refused.PlanId);
            refusals.Note(application.TenantId, CodeOf(refused.Decision));
            if (application.Wait is null)
                indicators.Note(Indicators.AdmissionLatency, took, refused.PlanId);
            logger.RunRefused(application.TenantId, CodeOf(refused.Decision), application.Origin, refused.PlanId, took.TotalMilliseconds);
        }
    }

    public static string CodeOf(AdmissionDecision decision) => decision switch
    {
        AdmissionDecision.Paused => "tenant-paused",
        AdmissionDecision.NotActive => "tenant-not-active",
        AdmissionDecision.MonthlyLimit => RefusalCodes.MonthlyLimit,
        AdmissionDecision.BudgetReached => RefusalCodes.BudgetReached,
        AdmissionDecision.ConcurrencyLimit => RefusalCodes.ConcurrencyLimit,
        AdmissionDecision.QueueFull => RefusalCodes.QueueFull,
        _ => throw new InvalidOperationException("An admission is no refusal."),
    };
}
