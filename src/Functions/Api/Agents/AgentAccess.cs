using Headgate.Core.Access;
using Headgate.Functions.Security;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Wire;

namespace Headgate.Functions.Api.Agents;

/// <summary>Who may look at and change an agent: operators, and the owning tenant's members by their role.</summary>
public static class AgentAccess
{
    /// <returns>The agent, or the refusal that says no more than the caller may know.</returns>
    public static async ValueTask<(AgentSnapshot? Agent, Refusal? Refusal)> FindAsync(
        this AgentReader agents,
        Caller caller,
        Permission permission,
        string agentId,
        CancellationToken cancellationToken)
    {
        if (await agents.ReadAsync(agentId, cancellationToken) is not { } agent)
            return (null, Refusals.AgentNotFound(agentId));
        return caller.Check(permission, agent.Agent.TenantId) switch
        {
            AccessDecision.Insufficient insufficient => (null, Refusals.InsufficientPermission(insufficient.Action, insufficient.Role)),
            AccessDecision.NotMember => (null, Refusals.AgentNotFound(agentId)),
            _ => (agent, null),
        };
    }
}
