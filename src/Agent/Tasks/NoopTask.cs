using Headgate.Agent.Attempts;

namespace Headgate.Agent.Tasks;

/// <summary>Succeeds at once, whatever the payload: for load tests and demonstrations.</summary>
internal sealed class NoopTask : ITaskType
{
    private static readonly Task<TaskOutcome> Done = Task.FromResult<TaskOutcome>(new TaskOutcome.Succeeded());

    public Task<TaskOutcome> RunAsync(Attempt attempt, string marker, CancellationToken stop) => Done;
}
