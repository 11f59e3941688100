namespace Headgate.Core.Dispatch;

/// <summary>An agent that asks for work.</summary>
/// <param name="TenantId">The tenant that owns it, or null: a shared agent serves every tenant.</param>
/// <param name="Capabilities">The task types it takes; none listed: none.</param>
/// <param name="Labels">What it carries.</param>
public sealed record AgentOffer(
    string AgentId,
    string? TenantId,
    IReadOnlySet<string> Capabilities,
    IReadOnlyDictionary<string, string> Labels)
{
    /// <summary>Whether this agent may have the task, room aside.</summary>
    public bool Suits(TaskOffer task)
    {
        if (TenantId is not null && TenantId != task.TenantId)
            return false;
        if (task.AgentId is not null && task.AgentId != AgentId)
            return false;
        if (!Capabilities.Contains(task.Type))
            return false;
        // Most have none, and thousands may be looked at: asking for their enumerator would make one for each.
        if (task.Labels.Count == 0)
            return true;
        foreach (var (label, value) in task.Labels)
        {
            if (!Labels.TryGetValue(label, out var carried) || carried != value)
                return false;
        }

        return true;
    }
}
