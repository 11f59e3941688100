using System.Text.Json.Serialization.Metadata;
using Headgate.Contracts;
using Headgate.Contracts.Agents;
using Headgate.Core.Access;
using Headgate.Core.Agents;
using Headgate.Core.Identity;
using Headgate.Functions.Security;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Tasks;
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
    [Does("List agents"), Answers(200, typeof(Page<AgentView>)), Refuses("tenant-not-found")]
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
        // Only the platform sees agents that serve everybody.
        caller = await caller.InAsync(tenantId, cancellationToken);
        if (caller.Refuse(tenantId is null ? Permission.PlatformOperate : Permission.AgentRead, tenantId) is { } refusal)
            return Reply.Refused(refusal);

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
    [Function(nameof(GetAgent)), CheckedInside]
    [Does("Read an agent"), Answers(200, typeof(AgentView))]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "agents/{agentId}")] HttpRequest request, string agentId, FunctionContext context) =>
        ShowAsync(context, agentId, views.View, ContractJson.Default.AgentView);

    [Function("GetAgentLoad"), CheckedInside]
    [Does("Read an agent's load"), Answers(200, typeof(AgentLoadView))]
    public Task<IActionResult> LoadAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "agents/{agentId}/load")] HttpRequest request, string agentId, FunctionContext context) =>
        ShowAsync(context, agentId, views.Load, ContractJson.Default.AgentLoadView);

    [Function("GetAgentBackoffStatus"), CheckedInside]
    [Does("List tasks in backoff that an agent ran last"), Answers(200, typeof(BackoffStatusView))]
    public Task<IActionResult> BackoffAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "agents/{agentId}/backoff-status")] HttpRequest request, string agentId, FunctionContext context) =>
        ShowAsync(context, agentId, views.Backoff, ContractJson.Default.BackoffStatusView);

    private async Task<IActionResult> ShowAsync<T>(FunctionContext context, string agentId, Func<AgentSnapshot, T> view, JsonTypeInfo<T> type)
    {
        var (agent, refusal) = await agents.FindAsync(context.Caller(), Permission.AgentRead, agentId, context.CancellationToken);
        return agent is null ? Reply.Refused(refusal!) : Reply.Ok(view(agent), type);
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
        caller = await caller.InAsync(agent.Agent.TenantId, cancellationToken);
        return caller.Refuse(permission, agent.Agent.TenantId, hidden: Refusals.AgentNotFound(agentId)) is { } refusal ? (null, refusal) : (agent, null);
    }
}

/// <summary>
/// <c>GET /agents/summary</c>: all agents of all owners, counted. No agent can have the word for its id, and the function's name comes before
/// that of the one that reads an agent: in Azure the host takes the first by name whose route fits.
/// </summary>
public sealed class AgentSummary(Fleet fleet)
{
    private const int MaxTypes = 200;

    [Function(nameof(AgentSummary))]
    [OperatorOnly]
    [Does("Count all agents and their tasks"), Answers(200, typeof(AgentSummaryView))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "agents/summary")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var (agents, census, at) = await fleet.LookAsync(cancellationToken);
        var byState = agents.ToLookup(agent => agent.State);
        var present = byState[AgentState.Online].Concat(byState[AgentState.Late]).ToList();
        var types = Types(census.Agents);
        var view = new AgentSummaryView(
            new AgentCounts(
                agents.Count,
                byState[AgentState.Online].Count(),
                byState[AgentState.Late].Count(),
                byState[AgentState.Offline].Count(),
                byState[AgentState.Draining].Count(),
                byState[AgentState.Quarantined].Count()),
            new SlotCounts(present.Sum(agent => agent.Load.Total), present.Sum(agent => agent.Load.AvailableSlots)),
            agents.Sum(agent => agent.Load.Held),
            census.Agents.Sum(agent => agent.InBackoff.Values.Sum()),
            [.. types.Take(MaxTypes)],
            census.IsComplete && types.Count <= MaxTypes,
            at);
        return Reply.Ok(view, ContractJson.Default.AgentSummaryView);
    }

    private static List<TypeSummary> Types(IReadOnlyList<CountedAgent> agents)
    {
        var types = new SortedDictionary<string, TypeSummary>(StringComparer.Ordinal);
        foreach (var agent in agents)
        {
            foreach (var type in agent.Offer.Capabilities)
                types[type] = Of(type) with { Agents = Of(type).Agents + 1 };
            foreach (var (_, _, type, _) in agent.Held)
                types[type] = Of(type) with { Running = Of(type).Running + 1 };
            foreach (var (type, count) in agent.InBackoff)
                types[type] = Of(type) with { InBackoff = Of(type).InBackoff + count };
        }

        return [.. types.Values];

        TypeSummary Of(string type) => types.GetValueOrDefault(type) ?? new TypeSummary(type, 0, 0, 0);
    }
}
