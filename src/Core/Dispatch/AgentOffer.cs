namespace Headgate.Core.Dispatch;

/// <summary>An agent that asks for work.</summary>
/// <param name="TenantId">The tenant that owns it; null for a shared agent, which serves every tenant.</param>
/// <param name="Capabilities">The task types it takes.</param>
/// <param name="Labels">Its labels.</param>
public sealed record AgentOffer(
    string AgentId,
    string? TenantId,
    IReadOnlySet<string> Capabilities,
    IReadOnlyDictionary<string, string> Labels)
{
    /// <summary>Whether this agent may have the task, if it has room.</summary>
    public bool Suits(TaskOffer task)
    {
        if (TenantId is not null && TenantId != task.TenantId)
            return false;
        if (task.AgentId is not null && task.AgentId != AgentId)
            return false;
        if (!Capabilities.Contains(task.Type) || task.Avoids?.AgentId == AgentId)
            return false;
        // Saves the allocation of an enumerator: most tasks have no labels, and thousands are checked.
        if (task.Labels.Count == 0)
            return true;
        foreach (var (label, value) in task.Labels)
        {
            if (!Carries(label, value))
                return false;
        }

        return true;
    }

    /// <summary>The first label of the task, by name, that this agent lacks or has with another value, as <c>key=value</c>; null if there is none.</summary>
    public string? Lacks(TaskOffer task)
    {
        var lacking = task.Labels.Where(label => !Carries(label.Key, label.Value)).Select(label => label.Key).Min(StringComparer.Ordinal);
        return lacking is null ? null : $"{lacking}={task.Labels[lacking]}";
    }

    private bool Carries(string label, string value) => Labels.TryGetValue(label, out var carried) && carried == value;
}
