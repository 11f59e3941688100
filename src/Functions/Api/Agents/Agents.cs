using Headgate.Contracts;
using Headgate.Contracts.Agents;
using Headgate.Core.Access;
using Headgate.Core.Identity;
using Headgate.Functions.Security;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Api.Agents;

/// <summary><c>GET /agents?tenant=</c>: a tenant's own agents; without a tenant the shared ones, for operators.</summary>
public sealed class ListAgents(AgentReader agents, AgentViews views)
{
    [Function(nameof(ListAgents))]
    [CheckedInside]
    [Query(QueryAttribute.Limit, QueryAttribute.After, "tenant")]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "agents")] HttpRequest request,
        FunctionContext context,
        CancellationToken cancellationToken)
    {
        var caller = context.Caller();
        var problems = UnknownParameters.ProblemsOf(request);
        var tenantId = Paging.Single(request, "tenant", problems) ?? (caller as MemberCaller)?.TenantId;
        if (tenantId is not null && !Grammar.IsTenantId(tenantId))
            problems.Add("tenant", TextRule.TenantId.Message);
        var owner = tenantId ?? RowKeys.SharedOwner;
        var paging = Paging.Read(request, $"agents:{owner}", problems);
        if (problems.Any)
            return Reply.Refused(Refusals.InvalidRequest(problems));
        switch (caller.Check(Permission.AgentRead, tenantId))
        {
            case AccessDecision.Insufficient insufficient:
                return Reply.Refused(Refusals.InsufficientPermission(insufficient.Action, insufficient.Role));
            case AccessDecision.NotMember:
                return Reply.Refused(tenantId is null ? Refusals.InsufficientPermission(Permission.PlatformOperate, caller.RoleName) : Refusals.TenantNotFound(tenantId));
        }

        var (ids, more) = await agents.IdsAsync(owner, paging.After, paging.Limit, cancellationToken);
        var items = new List<AgentView>(ids.Count);
        foreach (var id in ids)
        {
            if (await agents.ReadAsync(id, cancellationToken) is { } agent)
                items.Add(views.View(agent));
        }

        return Reply.Ok(new Page<AgentView>(items, more ? paging.Next(ids[^1]) : null), ContractJson.Default.PageAgentView);
    }
}

/// <summary>What there is to read of one agent: itself, its load, its tasks in backoff.</summary>
public sealed class GetAgent(AgentReader agents, AgentViews views)
{
    [Function(nameof(GetAgent))]
    [CheckedInside]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "agents/{agentId}")] HttpRequest request,
        string agentId,
        FunctionContext context,
        CancellationToken cancellationToken)
    {
        var (agent, refusal) = await agents.FindAsync(context.Caller(), Permission.AgentRead, agentId, cancellationToken);
        return agent is null ? Reply.Refused(refusal!) : Reply.Ok(views.View(agent), ContractJson.Default.AgentView);
    }

    [Function("GetAgentLoad")]
    [CheckedInside]
    public async Task<IActionResult> LoadAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "agents/{agentId}/load")] HttpRequest request,
        string agentId,
        FunctionContext context,
        CancellationToken cancellationToken)
    {
        var (agent, refusal) = await agents.FindAsync(context.Caller(), Permission.AgentRead, agentId, cancellationToken);
        return agent is null ? Reply.Refused(refusal!) : Reply.Ok(views.Load(agent), ContractJson.Default.AgentLoadView);
    }

    [Function("GetAgentBackoffStatus")]
    [CheckedInside]
    public async Task<IActionResult> BackoffAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "agents/{agentId}/backoff-status")] HttpRequest request,
        string agentId,
        FunctionContext context,
        CancellationToken cancellationToken)
    {
        var (agent, refusal) = await agents.FindAsync(context.Caller(), Permission.AgentRead, agentId, cancellationToken);
        return agent is null ? Reply.Refused(refusal!) : Reply.Ok(views.Backoff(agent), ContractJson.Default.BackoffStatusView);
    }
}

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
