namespace Headgate.Core.Runs;

/// <summary>What to write, and when to decide again.</summary>
/// <param name="Changed">The new states of tasks that changed, in the run's order.</param>
/// <param name="To">The run's new status; null if it stays.</param>
/// <param name="WakeAt">When time alone will change something; null if only an event can.</param>
public sealed record RunStep(IReadOnlyList<TaskState> Changed, RunStatus? To, DateTimeOffset? WakeAt)
{
    public static RunStep Nothing { get; } = new([], null, null);
}
