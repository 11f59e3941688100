using Headgate.Core.Validation;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Stores.Tenants;

namespace Headgate.Functions.Admission;

/// <summary>What a run names that its tenant must have: agents and policies.</summary>
public static class RunChecks
{
    /// <param name="agents">Finds them.</param>
    /// <param name="tenantId">Whose run.</param>
    /// <param name="run">The run.</param>
    /// <param name="problems">Gets one for each task that is pinned to an agent which doesn't serve the tenant.</param>
    /// <param name="path">What stands before the paths of problems.</param>
    /// <param name="cancellationToken">Ends the reads.</param>
    public static async ValueTask CheckPinsAsync(AgentReader agents, string tenantId, RunDefinition run, Problems problems, string path, CancellationToken cancellationToken)
    {
        Dictionary<string, bool>? known = null;
        for (var i = 0; i < run.Tasks.Count; i++)
        {
            if (run.Tasks[i].Agent is not { } agentId)
                continue;
            known ??= new(StringComparer.Ordinal);
            if (!known.TryGetValue(agentId, out var usable))
            {
                var agent = await agents.AgentAsync(agentId, cancellationToken);
                known[agentId] = usable = agent is not null && (agent.TenantId is null || agent.TenantId == tenantId);
            }

            // An agent of another tenant is no more visible here than one that does not exist.
            if (!usable)
                problems.Add($"{path}tasks[{i}].agent", $"no agent '{agentId}' serves this tenant");
        }
    }

    /// <summary>The run with the policies that its tasks name; of use only where no problem was added.</summary>
    /// <param name="tenant">Whose policies.</param>
    /// <param name="run">The run.</param>
    /// <param name="problems">Gets one for each policy that there is not.</param>
    /// <param name="path">What stands before the paths of problems.</param>
    public static RunDefinition WithPolicies(TenantSnapshot tenant, RunDefinition run, Problems problems, string path = "")
    {
        var tasks = new TaskDefinition[run.Tasks.Count];
        for (var i = 0; i < tasks.Length; i++)
        {
            var task = run.Tasks[i];
            if (task.Policy is not null)
            {
                // A replay keeps the policy its task was admitted with.
                tasks[i] = task;
                continue;
            }

            if (tenant.Policy(task.PolicyName) is not { } policy)
            {
                var near = NearestName.Of(task.PolicyName, tenant.Policies.Keys);
                problems.Add($"{path}tasks[{i}].policy", $"no policy is named '{task.PolicyName}'" + (near is null ? "" : $"; did you mean '{near}'?"));
                continue;
            }

            tasks[i] = task with { Policy = task.MaxRetries is { } maxRetries ? policy with { MaxRetries = maxRetries } : policy };
        }

        return run with { Tasks = tasks };
    }
}
