using Headgate.Core.Agents;
using Headgate.Core.Dispatch;

namespace Headgate.Functions.Tasks;

/// <param name="Depth">Tasks waiting for an agent.</param>
/// <param name="OldestSince">Since when the oldest waits; null where none does.</param>
public sealed record ReadyDepth(long Depth, DateTimeOffset? OldestSince);

/// <summary>What of one tenant waits for an agent.</summary>
/// <param name="TenantId">Whose.</param>
/// <param name="Depth">Tasks.</param>
/// <param name="OldestSince">Since when the oldest waits.</param>
public sealed record TenantBacklog(string TenantId, int Depth, DateTimeOffset OldestSince)
{
    /// <summary>Those with most tasks.</summary>
    /// <param name="tasks">All that wait.</param>
    /// <param name="most">Tenants.</param>
    public static IReadOnlyList<TenantBacklog> Largest(IEnumerable<(string TenantId, DateTimeOffset Since)> tasks, int most) =>
    [
        .. tasks.GroupBy(task => task.TenantId, StringComparer.Ordinal)
            .Select(tenant => new TenantBacklog(tenant.Key, tenant.Count(), tenant.Min(task => task.Since)))
            .OrderByDescending(tenant => tenant.Depth)
            .ThenBy(tenant => tenant.TenantId, StringComparer.Ordinal)
            .Take(most),
    ];
}

/// <summary>
/// Tasks that wait for an agent. What is taken is the taker's until it hands it out or returns it; the task row has the last word.
/// Safe for concurrent use.
/// </summary>
public interface IReadyTasks
{
    /// <summary>
    /// Makes tasks available, each to the best claim that waits right now, if one suits. Called once they stand as ready; where this is cut
    /// short, maintenance finds a ready task that is in no pool.
    /// </summary>
    ValueTask AddAsync(IReadOnlyList<TaskOffer> offers);

    /// <summary>The task is no longer to be handed out.</summary>
    void Remove(string taskId);

    /// <summary>Gives back what was taken and could not be handed out.</summary>
    ValueTask ReturnAsync(TaskOffer offer);

    /// <summary>
    /// Keeps a tenant's tasks back until it is released or the given time comes, and not for long in any case: the ledger has the last
    /// word, and whoever takes such a task finds that out.
    /// </summary>
    void Hold(string tenantId, DateTimeOffset? until);

    void Release(string tenantId);

    /// <summary>
    /// Keeps the tasks back that a resource has no place for, until there is room or the given time comes, and not for long in any case: the
    /// resource's row has the last word. Then one of them goes, and whoever takes it finds that out.
    /// </summary>
    void Hold(ResourceHold hold, DateTimeOffset? until);

    /// <summary>Lets as many of them go as there is room for, in order of priority, then age.</summary>
    void Release(ResourceHold hold, int room);

    /// <summary>Takes up to <paramref name="max"/> tasks the agent suits and has room for; each is counted into <paramref name="load"/>.</summary>
    ValueTask<List<TaskOffer>> TakeAsync(AgentOffer agent, AgentLoad load, int max, CancellationToken cancellationToken = default);

    /// <summary>Waits until a task is given to this claim; null when the time is over or the host does not hold claims.</summary>
    Task<TaskOffer?> WaitAsync(AgentOffer agent, AgentLoad load, TimeSpan atMost, CancellationToken cancellationToken);

    ValueTask<ReadyDepth> DepthAsync(CancellationToken cancellationToken = default);

    /// <summary>The tenants of which most tasks wait, those with most first.</summary>
    ValueTask<IReadOnlyList<TenantBacklog>> BacklogAsync(int most, CancellationToken cancellationToken = default);
}
