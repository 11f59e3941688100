using Headgate.Core.Agents;
using Headgate.Core.Causes;
using Headgate.Core.Dispatch;

namespace Headgate.Functions.Tasks;

/// <param name="Depth">Ready tasks.</param>
/// <param name="OldestSince">When the one that waits longest became ready; null if there is none.</param>
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
/// The ready tasks of all tenants, and the claims that wait for them. Whoever takes a task hands it out or returns it. A task's row decides
/// whether it is still ready: what is known here may be late. On one machine a board in memory, else the ready table. Safe for concurrent use.
/// </summary>
public interface IReadyTasks
{
    /// <summary>
    /// Adds tasks whose rows already say that they are ready. Each goes to the best of the claims that wait, if one suits. If the process
    /// dies before it calls this, maintenance finds the ready task that no pool has.
    /// </summary>
    ValueTask AddAsync(IReadOnlyList<TaskOffer> offers);

    /// <summary>The task is not ready any more: it was cancelled, or handed out elsewhere.</summary>
    void Remove(string taskId);

    /// <summary>Gives back a task that was taken and could not be handed out.</summary>
    ValueTask ReturnAsync(TaskOffer offer);

    /// <summary>
    /// Keeps a paused tenant's tasks back until <see cref="Release(string)"/> or <paramref name="until"/>, and some seconds at most: then one
    /// goes again, and its hand-out reads the ledger, which decides.
    /// </summary>
    void Hold(string tenantId, DateTimeOffset? until);

    void Release(string tenantId);

    /// <summary>
    /// Keeps back the tasks that a resource has no room for, until <see cref="Release(ResourceHold, int)"/> or <paramref name="until"/>, and a
    /// minute at most: then one goes again, and its hand-out reads the resource's row, which decides.
    /// </summary>
    void Hold(ResourceHold hold, DateTimeOffset? until);

    /// <summary>Lets <paramref name="room"/> of the tasks go that the resource kept back, by priority, then age.</summary>
    void Release(ResourceHold hold, int room);

    /// <summary>Takes up to <paramref name="max"/> tasks that suit the agent and for which it has room. Counts each into <paramref name="load"/>.</summary>
    ValueTask<List<TaskOffer>> TakeAsync(AgentOffer agent, AgentLoad load, int max, CancellationToken cancellationToken = default);

    /// <summary>Waits until a task is given to this claim. Null when the time is over, and at once on a host that holds no claims.</summary>
    Task<TaskOffer?> WaitAsync(AgentOffer agent, AgentLoad load, TimeSpan atMost, CancellationToken cancellationToken);

    /// <summary>Of tasks of one tenant, where each stands in line; null for one that is not there, or before which more stand than are counted.</summary>
    ValueTask<IReadOnlyList<LinePlace?>> PlacesAsync(IReadOnlyList<TaskOffer> tasks, CancellationToken cancellationToken = default);

    ValueTask<ReadyDepth> DepthAsync(CancellationToken cancellationToken = default);

    /// <summary>The tenants of which most tasks wait, those with most first.</summary>
    ValueTask<IReadOnlyList<TenantBacklog>> BacklogAsync(int most, CancellationToken cancellationToken = default);
}
