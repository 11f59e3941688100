namespace Headgate.Contracts;

/// <summary>The answer to <c>GET /queues</c>.</summary>
/// <param name="Runs">Admitted runs that wait to be started.</param>
/// <param name="Tasks">Tasks that wait for an agent.</param>
public sealed record QueuesView(QueueView Runs, QueueView Tasks);

/// <param name="Depth">Waiting now.</param>
/// <param name="Scheduled">Waiting for their time.</param>
/// <param name="DeadLettered">Dead letters.</param>
/// <param name="OldestAgeSeconds">How long the oldest has waited; 0 if none waits.</param>
public sealed record QueueView(long Depth, long Scheduled, long DeadLettered, double OldestAgeSeconds);
