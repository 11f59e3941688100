using Headgate.Core.Dispatch;

namespace Headgate.Core.Causes;

/// <summary>What keeps a task from agents, as causes. Agents that serve everybody, and what they do for others, are counted and not named.</summary>
internal static class AgentCauses
{
    private const int MaxCures = 3;

    public static Cause None(WaitingReason reason, DateTimeOffset? since)
    {
        var task = reason.Task;
        var named = reason.Excluded.Where(agent => task.AgentId == agent.AgentId || (task.AgentId is null && agent.TenantId is not null)).Select(agent => agent.AgentId);
        return new(CauseCode.NoAgent, since, Sentence(reason), [.. named.Take(Cause.MaxBlockers)], Cures(reason));
    }

    public static Cause Busy(WaitingReason reason, DateTimeOffset? since)
    {
        var own = reason.Suitable.SelectMany(agent => agent.Held).Where(held => held.TenantId == reason.Task.TenantId && held.TaskId is not null).Select(held => held.TaskId!).ToList();
        var all = reason.Suitable.Sum(agent => agent.Held.Count);
        var holders = all == own.Count ? $"by {StartEstimate.Count(own.Count, "task")} of this tenant" : $"by {StartEstimate.Count(own.Count, "task")} of this tenant and {all - own.Count} of others";
        var agents = reason.Suitable.Where(agent => agent.Offer.TenantId is not null || agent.Offer.AgentId == reason.Task.AgentId).Select(agent => agent.Offer.AgentId);
        return new(
            CauseCode.AgentsBusy,
            since,
            $"{Sentence(reason)} Their slots are held {holders}.",
            [.. own.Concat(agents).Take(Cause.MaxBlockers)],
            ["Wait for one of the tasks to end.", "Raise an agent's maxConcurrentTasks or its limit for the type: PATCH /agents/{a}/settings.", $"Start another agent that takes '{reason.Task.Type}'."]);
    }

    private static string Sentence(WaitingReason reason) => char.ToUpperInvariant(reason.Sentence[0]) + reason.Sentence[1..] + ".";

    // The rules are ordered: an agent that a later one excludes is nearer to getting the task.
    private static string[] Cures(WaitingReason reason)
    {
        var task = reason.Task;
        var rules = reason.Exclusions.Where(exclusion => exclusion.Rule != ExclusionRule.NotPinned).Reverse().Take(MaxCures).Select(exclusion => Cure(exclusion, task)).ToList();
        if (rules.Count == 0)
            rules.Add(task.AgentId is { } pinned ? $"Start agent {pinned}, or submit the task without 'agent'." : $"Register an agent that takes '{task.Type}': POST /agents.");
        return [.. rules];
    }

    private static string Cure(Exclusion exclusion, TaskOffer task) => exclusion.Rule switch
    {
        ExclusionRule.Type => $"Register an agent that takes '{task.Type}', or add the type to an agent's capabilities: POST /agents.",
        ExclusionRule.Label => $"Give an agent the label {exclusion.Detail}: POST /agents.",
        ExclusionRule.NoSlots => $"Raise an agent's limit for '{task.Type}' above 0: PATCH /agents/{{a}}/settings.",
        ExclusionRule.Quarantined => "Mend the agent, then end its quarantine: POST /agents/{a}/release.",
        ExclusionRule.Draining => "Let an agent take work again: POST /agents/{a}/undrain.",
        ExclusionRule.Offline => "Start an agent that is offline; its own log says why it is silent.",
        _ => "Wait: the agent it failed on gets it again within two heartbeats.",
    };
}
