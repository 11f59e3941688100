using Headgate.Agent.Attempts;

namespace Headgate.Agent.Tasks;

/// <summary>One kind of work.</summary>
internal interface ITaskType
{
    /// <summary>
    /// Does the work. Once <paramref name="stop"/> is set it undoes what is half done, leaves nothing running and answers
    /// <see cref="TaskOutcome.Interrupted"/>. May throw: that is an unclassified failure.
    /// </summary>
    /// <param name="marker">Unique to this attempt; given to every process it starts.</param>
    Task<TaskOutcome> RunAsync(Attempt attempt, string marker, CancellationToken stop);
}
