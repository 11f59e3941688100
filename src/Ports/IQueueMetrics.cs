namespace Headgate.Ports;

/// <param name="Active">Available or locked now.</param>
/// <param name="Scheduled">Waiting for their time.</param>
/// <param name="DeadLettered">In the dead-letter sub-queue.</param>
/// <param name="OldestAge">Age of the oldest active message; zero if there is none.</param>
public sealed record QueueDepth(long Active, long Scheduled, long DeadLettered, TimeSpan OldestAge);

public interface IQueueMetrics
{
    ValueTask<QueueDepth> GetAsync(string queue, CancellationToken cancellationToken = default);
}
