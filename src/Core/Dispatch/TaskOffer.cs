using Headgate.Core.Runs;

namespace Headgate.Core.Dispatch;

/// <summary>A task that waits for an agent.</summary>
/// <param name="TenantId">Whose it is; tenants take turns.</param>
/// <param name="Weight">The tenant's share, from its plan; at least 1.</param>
/// <param name="AgentId">The one agent that may have it, or null.</param>
/// <param name="Labels">Labels the agent must carry, each with this value.</param>
/// <param name="Since">Ready since.</param>
/// <param name="InPool">False where it was given to a waiting claim before it was written to its pool: whoever can't hand it out puts it there.</param>
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
