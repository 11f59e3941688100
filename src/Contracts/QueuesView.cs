namespace Headgate.Contracts;

/// <summary>The answer to <c>GET /queues</c>.</summary>
/// <param name="Runs">Admitted runs that wait to be started.</param>
/// <param name="Tasks">Tasks that wait for an agent.</param>
/// <param name="Backlog">The 20 tenants of which most tasks wait for an agent, those with most first.</param>
public sealed record QueuesView(QueueView Runs, QueueView Tasks, IReadOnlyList<TenantBacklogView> Backlog);

/// <param name="TenantId">Whose.</param>
/// <param name="Depth">Tasks that wait for an agent.</param>
/// <param name="OldestAgeSeconds">How long the oldest has waited.</param>
public sealed record TenantBacklogView(string TenantId, int Depth, double OldestAgeSeconds);

/// <param name="Depth">Waiting now.</param>
/// <param name="Scheduled">Waiting for their time.</param>
/// <param name="DeadLettered">Dead letters.</param>
/// <param name="OldestAgeSeconds">How long the oldest has waited; 0 if none waits.</param>
public sealed record QueueView(long Depth, long Scheduled, long DeadLettered, double OldestAgeSeconds);
