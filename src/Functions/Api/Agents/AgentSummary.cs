using Headgate.Contracts;
using Headgate.Contracts.Agents;
using Headgate.Core.Agents;
using Headgate.Functions.Security;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Tasks;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Api.Agents;

/// <summary>
/// <c>GET /agents/summary</c>: all agents of all owners, counted. No agent can have the word for its id, and the function's name comes before
/// that of the one that reads an agent: in Azure the host takes the first by name whose route fits.
/// </summary>
public sealed class AgentSummary(Fleet fleet)
{
    private const int MaxTypes = 200;

    [Function(nameof(AgentSummary))]
    [OperatorOnly]
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
            foreach (var (type, _) in agent.Held)
                types[type] = Of(type) with { Running = Of(type).Running + 1 };
            foreach (var (type, count) in agent.InBackoff)
                types[type] = Of(type) with { InBackoff = Of(type).InBackoff + count };
        }

        return [.. types.Values];

        TypeSummary Of(string type) => types.GetValueOrDefault(type) ?? new TypeSummary(type, 0, 0, 0);
    }
}
