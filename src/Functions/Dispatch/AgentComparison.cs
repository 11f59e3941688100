using Headgate.Core.Agents;
using Headgate.Functions.Options;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Tasks;

namespace Headgate.Functions.Dispatch;

/// <summary>Puts an agent in quarantine on which tasks of a type fail while others complete them. All that is compared stands in rows.</summary>
public sealed class AgentComparison(AgentReader agents, TrackRecords records, Standings standings, HeadgateOptions options, TimeProvider clock)
{
    /// <summary>As audits and views name who did it.</summary>
    public const string Actor = "service";

    /// <summary>Others that are looked at, in order of their ids.</summary>
    private const int MaxPeers = 200;

    /// <returns>The agent, where this put it in quarantine.</returns>
    public async ValueTask<AgentRecord?> JudgeAsync(string agentId, string type, CancellationToken cancellationToken)
    {
        if (!options.Agents.SelfQuarantine || await agents.AgentAsync(agentId, cancellationToken) is not { Standing.Quarantine: null } agent)
            return null;
        var own = await records.ReadAsync(agentId, type, cancellationToken);
        var peers = await PeersAsync(agent, type, cancellationToken);
        if (SelfQuarantine.Judge(type, own, peers, clock.GetUtcNow()) is null)
            return null;

        // On its rows as they are in its turn: it may have succeeded, or have been judged, meanwhile.
        var changed = await standings.ChangeAsync(agentId, Standing, cancellationToken);
        return changed is { Before.Agent.Standing.Quarantine: null, After.Agent: { Standing.Quarantine: not null } kept } ? kept : null;

        AgentStanding Standing(AgentSnapshot now, DateTimeOffset at) =>
            now.Agent.Standing.Quarantine is null && SelfQuarantine.Judge(type, now.Records.GetValueOrDefault(type) ?? TrackRecord.None, peers, at) is { } reason
                ? now.Agent.Standing with { Quarantine = new(at, reason, Actor) }
                : now.Agent.Standing;
    }

    // Who takes tasks of the same tenants: the owner's other agents, and those that serve everybody.
    private async ValueTask<List<Peer>> PeersAsync(AgentRecord agent, string type, CancellationToken cancellationToken)
    {
        var peers = new List<Peer>();
        foreach (var owner in new[] { agent.Owner, RowKeys.SharedOwner }.Distinct())
        {
            var (ids, _) = await agents.IdsAsync(owner, null, MaxPeers - peers.Count, cancellationToken);
            foreach (var id in ids)
            {
                if (id != agent.AgentId)
                    peers.Add(new(id, await records.ReadAsync(id, type, cancellationToken)));
            }

            if (peers.Count >= MaxPeers)
                break;
        }

        return peers;
    }
}
