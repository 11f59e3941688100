namespace Headgate.Ports;

/// <param name="Active">Deliverable or locked now.</param>
/// <param name="Scheduled">Waiting for their time.</param>
/// <param name="DeadLettered">In the dead-letter sub-queue.</param>
/// <param name="OldestAge">Age of the oldest active message; zero where there is none.</param>
public sealed record QueueDepth(long Active, long Scheduled, long DeadLettered, TimeSpan OldestAge);

/// <summary>What a queue looks like from outside.</summary>
public interface IQueueMetrics
{
    ValueTask<QueueDepth> GetAsync(string queue, CancellationToken cancellationToken = default);
}
