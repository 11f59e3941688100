using System.Globalization;
using Headgate.Core.Agents;

namespace Headgate.Core.Dispatch;

/// <summary>What a ready task waits for.</summary>
/// <param name="Task">The task.</param>
/// <param name="Free">Agents that could take it now.</param>
/// <param name="Full">Agents that could take it if they had room.</param>
/// <param name="SecondsToSlot">Until the first of the full ones has room; null if unknown.</param>
/// <param name="Exclusions">How many other agents each rule excludes, ordered by rule and label.</param>
public sealed record WaitingReason(TaskOffer Task, int Free, int Full, double? SecondsToSlot, IReadOnlyList<Exclusion> Exclusions)
{
    private const int MaxLabels = 3;

    /// <summary>The free agents and the full ones; empty unless asked for.</summary>
    public IReadOnlyList<AgentProfile> Suitable { get; init; } = [];

    /// <summary>Each other agent; empty unless asked for.</summary>
    public IReadOnlyList<AgentOffer> Excluded { get; init; } = [];

    /// <param name="task">A ready task.</param>
    /// <param name="agents">All agents; those of other tenants are ignored.</param>
    /// <param name="withAgents">Whether to list the agents besides counting them.</param>
    public static WaitingReason Of(TaskOffer task, IEnumerable<AgentProfile> agents, bool withAgents = false)
    {
        List<AgentProfile>? suitable = withAgents ? [] : null;
        List<AgentOffer>? others = withAgents ? [] : null;
        var (free, full) = (0, 0);
        double? soonest = null;
        var excluded = new Dictionary<(ExclusionRule, string?), int>();
        foreach (var agent in agents)
        {
            if (agent.Offer.TenantId is { } tenant && tenant != task.TenantId)
                continue;
            if (Excludes(task, agent) is { } rule)
            {
                excluded[rule] = excluded.GetValueOrDefault(rule) + 1;
                others?.Add(agent.Offer);
                continue;
            }

            suitable?.Add(agent);
            if (agent.Load.RoomFor(task.Type) > 0)
            {
                free++;
            }
            else
            {
                full++;
                if (agent.SecondsToSlot(task.Type) is { } seconds && !(soonest <= seconds))
                    soonest = seconds;
            }
        }

        var exclusions = excluded.Select(rule => new Exclusion(rule.Key.Item1, rule.Key.Item2, rule.Value)).ToList();
        exclusions.Sort((a, b) => a.Rule == b.Rule ? string.CompareOrdinal(a.Detail, b.Detail) : (int)a.Rule - (int)b.Rule);
        return new WaitingReason(task, free, full, soonest, exclusions) { Suitable = suitable ?? [], Excluded = others ?? [] };
    }

    /// <summary>The task's <c>waitingFor</c>, for people. The same whatever the order of the agents.</summary>
    public string Sentence
    {
        get
        {
            if (Free > 0)
                return Task.AgentId is { } pinned ? $"agent {pinned} to claim it" : $"an agent to claim it: {Free} {(Free == 1 ? "has" : "have")} room";
            if (Full > 0)
                return $"agents busy: {(Task.AgentId is { } one ? $"{one} is" : $"{Full} of {Full} {(Full == 1 ? "is" : "are")}")} full{Expected()}";
            if (Task.AgentId is { } agentId)
                return Exclusions.FirstOrDefault(exclusion => exclusion.Rule != ExclusionRule.NotPinned) is { } why ? $"no agent: {agentId} {Words(why with { Agents = 1 })}" : $"no agent: {agentId} is not there";
            return Exclusions.Count == 0 ? $"no agent: none is there that could take '{Task.Type}'" : $"no agent: {string.Join(", ", Named().Select(why => $"{why.Agents} {Words(why)}"))}";
        }
    }

    private static (ExclusionRule, string?)? Excludes(TaskOffer task, AgentProfile agent)
    {
        if (task.AgentId is not null && task.AgentId != agent.Offer.AgentId)
            return (ExclusionRule.NotPinned, null);
        if (!agent.Offer.Capabilities.Contains(task.Type))
            return (ExclusionRule.Type, null);
        if (agent.Offer.Lacks(task) is { } label)
            return (ExclusionRule.Label, label);
        if (!agent.Load.Takes(task.Type))
            return (ExclusionRule.NoSlots, null);
        return agent.State switch
        {
            AgentState.Quarantined => (ExclusionRule.Quarantined, null),
            AgentState.Draining => (ExclusionRule.Draining, null),
            AgentState.Offline => (ExclusionRule.Offline, null),
            _ => agent.Offer.Suits(task) ? null : (ExclusionRule.JustFailed, null),
        };
    }

    // Labels beyond the first share one entry: a task may have twenty.
    private IEnumerable<Exclusion> Named()
    {
        var labels = Exclusions.Where(exclusion => exclusion.Rule == ExclusionRule.Label).ToList();
        foreach (var exclusion in Exclusions)
        {
            if (exclusion.Rule != ExclusionRule.Label || labels.IndexOf(exclusion) < MaxLabels)
                yield return exclusion;
            else if (labels.IndexOf(exclusion) == MaxLabels)
                yield return exclusion with { Detail = null, Agents = labels.Skip(MaxLabels).Sum(label => label.Agents) };
        }
    }

    private string Words(Exclusion exclusion)
    {
        var isOne = exclusion.Agents == 1;
        var be = isOne ? "is" : "are";
        return exclusion.Rule switch
        {
            ExclusionRule.Type => $"{(isOne ? "does" : "do")} not take '{Task.Type}'",
            ExclusionRule.Label => $"{(isOne ? "lacks" : "lack")} {(exclusion.Detail is { } label ? $"label {label}" : "other labels")}",
            ExclusionRule.NoSlots => $"{(isOne ? "has" : "have")} no slots for '{Task.Type}'",
            ExclusionRule.Quarantined => $"{be} in quarantine",
            ExclusionRule.Draining => $"{be} draining",
            ExclusionRule.Offline => $"{be} offline",
            ExclusionRule.JustFailed => "failed it just now",
            _ => $"{be} not the one it is pinned to",
        };
    }

    private string Expected() => SecondsToSlot switch
    {
        null => "",
        < 1 => ", a slot is expected now",
        { } seconds => $", a slot is expected in {Math.Ceiling(seconds).ToString(CultureInfo.InvariantCulture)} s",
    };
}
