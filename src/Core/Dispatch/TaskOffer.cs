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
    /// <summary>Names of the resources that it uses.</summary>
    public IReadOnlyList<string> Resources { get; init; } = [];

    /// <summary>An agent that must not get it for a while; null if there is none.</summary>
    public Avoidance? Avoids { get; init; }

    /// <summary>Without <see cref="Avoids"/> if that is over.</summary>
    public TaskOffer At(DateTimeOffset now) => Avoids is null || Avoids.HoldsAt(now) ? this : this with { Avoids = null };
}

/// <summary>A task avoids the agent on which it failed, to try another one first.</summary>
/// <param name="Until">From then on the agent may get it, so that the task doesn't wait for ever.</param>
public sealed record Avoidance(string AgentId, DateTimeOffset Until)
{
    /// <summary>A longer one was stored before a clock was set back, and is ignored.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    public bool HoldsAt(DateTimeOffset now) => Until > now && Until - now <= Longest;
}
