using Headgate.Core.Admission;
using Headgate.Core.Validation;
using Headgate.Functions.Options;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Telemetry;
using Headgate.Ports;

namespace Headgate.Functions.Admission;

/// <summary>The gate every origin of runs goes through: API, gateway and replay.</summary>
public sealed class RunAdmission(TenantGate gate, ITableStore tables, AgentReader agents, NewestFirstIds ids, BelievedClock believed, Metrics metrics, HeadgateOptions options)
{
    public async ValueTask<GateResult<AdmissionResult>> ApplyAsync(RunApplication application, CancellationToken cancellationToken)
    {
        var problems = new Problems();
        await CheckPinsAsync(application, problems, cancellationToken);
        var result = await gate.SubmitAsync(application.TenantId, new AdmitRun(application, problems, tables, ids, options.Admission.IdempotencyKept, believed));
        Count(result);
        return result;
    }

    private void Count(GateResult<AdmissionResult> result)
    {
        if (result.Status is GateStatus.Busy or GateStatus.Conflict)
            metrics.Submitted("busy", "unknown");
        else if (result.Value is AdmissionResult.Admitted admitted)
            metrics.Submitted("admitted", admitted.PlanId);
        else if (result.Value is AdmissionResult.Refused refused)
            metrics.Submitted(CodeOf(refused.Decision), refused.PlanId);
    }

    public static string CodeOf(AdmissionDecision decision) => decision switch
    {
        AdmissionDecision.Paused => "tenant-paused",
        AdmissionDecision.NotActive => "tenant-not-active",
        AdmissionDecision.MonthlyLimit => "monthly-limit",
        AdmissionDecision.ConcurrencyLimit => "concurrency-limit",
        _ => throw new InvalidOperationException("An admission is no refusal."),
    };

    private async ValueTask CheckPinsAsync(RunApplication application, Problems problems, CancellationToken cancellationToken)
    {
        Dictionary<string, bool>? known = null;
        for (var i = 0; i < application.Definition.Tasks.Count; i++)
        {
            if (application.Definition.Tasks[i].Agent is not { } agentId)
                continue;
            known ??= new(StringComparer.Ordinal);
            if (!known.TryGetValue(agentId, out var usable))
            {
                var agent = await agents.AgentAsync(agentId, cancellationToken);
                known[agentId] = usable = agent is not null && (agent.TenantId is null || agent.TenantId == application.TenantId);
            }

            // An agent of another tenant is no more visible here than one that does not exist.
            if (!usable)
                problems.Add($"tasks[{i}].agent", $"no agent '{agentId}' serves this tenant");
        }
    }
}
