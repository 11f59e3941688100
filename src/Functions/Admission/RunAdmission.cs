using Headgate.Core.Validation;
using Headgate.Functions.Ports;
using Headgate.Functions.Stores.Agents;

namespace Headgate.Functions.Admission;

/// <summary>The gate every origin of runs goes through: API, gateway and replay.</summary>
public sealed class RunAdmission(TenantGate gate, ITableStore tables, AgentReader agents, IRandomSource random)
{
    public async Task<GateResult<AdmissionResult>> ApplyAsync(RunApplication application, CancellationToken cancellationToken)
    {
        var problems = new Problems();
        await CheckPinsAsync(application, problems, cancellationToken);
        return problems.Any
            ? new GateResult<AdmissionResult>(GateStatus.Done, new AdmissionResult.Invalid(problems))
            : await gate.SubmitAsync(application.TenantId, new AdmitRun(application, tables, random));
    }

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
