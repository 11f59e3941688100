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

/// <summary>A message that its queue gave up.</summary>
/// <param name="SequenceNumber">Its place among the queue's messages.</param>
/// <param name="MessageId">The sender's id.</param>
/// <param name="TenantId">Whose run it was to start; null where the message is not one of the service's.</param>
/// <param name="RunId">The run that it was to start; null as well.</param>
/// <param name="EnqueuedAt">When it was sent.</param>
/// <param name="Deliveries">How often it was delivered.</param>
/// <param name="Reason">Why it was given up, in a word.</param>
/// <param name="Description">More of it; null where there is no more.</param>
public sealed record QueueDeadLetterView(
    long SequenceNumber, string MessageId, string? TenantId, string? RunId, DateTimeOffset EnqueuedAt, int Deliveries, string Reason, string? Description);

/// <summary>The body of <c>POST /queues/{queue}/dead-letters/resend</c>.</summary>
/// <param name="Limit">1..100, 100 unless said.</param>
public sealed record ResendRequest(int? Limit);

/// <param name="Resent">How many were sent again.</param>
/// <param name="Left">How many there are still; by the broker's count, which may be late.</param>
public sealed record ResendAnswer(int Resent, long Left);
