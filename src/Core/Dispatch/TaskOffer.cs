using Headgate.Core.Runs;

namespace Headgate.Core.Dispatch;

/// <summary>A task that waits for an agent.</summary>
/// <param name="TenantId">The task's tenant; tenants take turns.</param>
/// <param name="Weight">The tenant's share, from its plan; at least 1.</param>
/// <param name="AgentId">The only agent that may have it; null for any.</param>
/// <param name="Labels">Labels that the agent must have, with these values.</param>
/// <param name="Since">When it became ready.</param>
/// <param name="InPool">False if a waiting claim got it before it was written to its pool: a claim that can't hand it out must write it there.</param>
public sealed record TaskOffer(
    string TaskId,
    string TenantId,
    int Weight,
    string Type,
    TaskPriority Priority,
    string? AgentId,
    IReadOnlyDictionary<string, string> Labels,
    DateTimeOffset Since,
    bool InPool = true)
{
    /// <summary>Names of what it uses.</summary>
    public IReadOnlyList<string> Resources { get; init; } = [];
}
