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

    /// <summary>An agent that is not to have it for a while; null where any may.</summary>
    public Avoidance? Avoids { get; init; }

    /// <summary>As it is at the time: what it avoids no more is left out.</summary>
    public TaskOffer At(DateTimeOffset now) => Avoids is null || Avoids.HoldsAt(now) ? this : this with { Avoids = null };
}

/// <summary>That a task goes to another agent than the one on which it failed, where another can have it.</summary>
/// <param name="Until">From then on the agent may have it all the same: no task waits for another that does not come.</param>
public sealed record Avoidance(string AgentId, DateTimeOffset Until)
{
    /// <summary>None is decided for longer: one that seems to be was, before a clock was set back.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    public bool HoldsAt(DateTimeOffset now) => Until > now && Until - now <= Longest;
}
