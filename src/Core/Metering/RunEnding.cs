using Headgate.Core.Runs;

namespace Headgate.Core.Metering;

/// <summary>What a run that ends adds to its tenant's usage.</summary>
public static class RunEnding
{
    /// <param name="status">How it ends.</param>
    /// <param name="tasks">All of its tasks, none held any more.</param>
    public static UsageCounts Of(RunStatus status, IEnumerable<TaskState> tasks)
    {
        var (attempts, milliseconds) = (0L, 0L);
        foreach (var task in tasks)
        {
            attempts += task.Attempt - task.Returns;
            milliseconds += task.AgentMilliseconds;
        }

        return new UsageCounts(
            Completed: status == RunStatus.Completed ? 1 : 0,
            Failed: status == RunStatus.Failed ? 1 : 0,
            Cancelled: status == RunStatus.Cancelled ? 1 : 0,
            Attempts: Math.Max(attempts, 0),
            AgentMilliseconds: milliseconds);
    }
}
