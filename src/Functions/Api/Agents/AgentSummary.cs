using Headgate.Contracts;
using Headgate.Contracts.Agents;
using Headgate.Core.Agents;
using Headgate.Functions.Options;
using Headgate.Functions.Security;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Tasks.Desk;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Api.Agents;

/// <summary>
/// <c>GET /agents/summary</c>: all agents of all owners, counted. No agent can have the word for its id, and the function's name comes before
/// that of the one that reads an agent: in Azure the host takes the first by name whose route fits.
/// </summary>
public sealed class AgentSummary(AgentCensus census, AgentDesk desk, HeadgateOptions options, TimeProvider clock)
{
    private const int MaxRows = 20_000;
    private const int MaxTypes = 200;

    [Function(nameof(AgentSummary))]
    [OperatorOnly]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "agents/summary")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var (agents, isComplete) = await census.ReadAsync(now, MaxRows, cancellationToken);
        var byStatus = agents.ToLookup(agent => AgentHealth.Of(desk.LastSeen(agent.AgentId, agent.LastSeenAt), options.Heartbeat.Interval, options.Leases.Duration, now));
        var present = byStatus[AgentStatus.Online].Concat(byStatus[AgentStatus.Late]).ToList();
        var types = Types(agents);
        var view = new AgentSummaryView(
            new AgentCounts(agents.Count, byStatus[AgentStatus.Online].Count(), byStatus[AgentStatus.Late].Count(), byStatus[AgentStatus.Offline].Count()),
            new SlotCounts(present.Sum(agent => agent.MaxConcurrentTasks), present.Sum(agent => Math.Max(agent.MaxConcurrentTasks - agent.Held.Values.Sum(), 0))),
            agents.Sum(agent => agent.Held.Values.Sum()),
            agents.Sum(agent => agent.InBackoff.Values.Sum()),
            [.. types.Take(MaxTypes)],
            isComplete && types.Count <= MaxTypes,
            now);
        return Reply.Ok(view, ContractJson.Default.AgentSummaryView);
    }

    private static List<TypeSummary> Types(IReadOnlyList<CountedAgent> agents)
    {
        var types = new SortedDictionary<string, TypeSummary>(StringComparer.Ordinal);
        foreach (var agent in agents)
        {
            foreach (var type in agent.Capabilities)
                types[type] = Of(type) with { Agents = Of(type).Agents + 1 };
            foreach (var (type, count) in agent.Held)
                types[type] = Of(type) with { Running = Of(type).Running + count };
            foreach (var (type, count) in agent.InBackoff)
                types[type] = Of(type) with { InBackoff = Of(type).InBackoff + count };
        }

        return [.. types.Values];

        TypeSummary Of(string type) => types.GetValueOrDefault(type) ?? new TypeSummary(type, 0, 0, 0);
    }
}
