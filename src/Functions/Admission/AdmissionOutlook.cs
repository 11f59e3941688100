using Headgate.Core.Admission;
using Headgate.Core.Validation;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Stores.Tenants;

namespace Headgate.Functions.Admission;

/// <summary>Foretells what the gate says to a run, before anything is given up for it.</summary>
public sealed class AdmissionOutlook(TenantReader tenants, AgentReader agents, TimeProvider clock)
{
    /// <summary>The code under which the gate would refuse the run now, even if nothing else of its tenant ran or waited; null where it would not.</summary>
    public async ValueTask<string?> RefusalAsync(string tenantId, RunDefinition run, CancellationToken cancellationToken)
    {
        if (await tenants.ReadAsync(tenantId, cancellationToken) is not { } tenant)
            return "tenant-not-found";
        var problems = new Problems();
        await RunChecks.CheckPinsAsync(agents, tenantId, run, problems, "", cancellationToken);
        RunChecks.WithPolicies(tenant, run, problems);
        if (problems.Any)
            return RunAdmission.InvalidCode;
        var decision = AdmissionGate.Decide(tenant.Ledger with { InFlight = 0, WaitingRuns = 0 }, clock.GetUtcNow());
        return decision is AdmissionDecision.Admitted or AdmissionDecision.Queued ? null : RunAdmission.CodeOf(decision);
    }
}
