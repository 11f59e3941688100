namespace Headgate.Core.Runs;

/// <summary>What to write, and when to look again.</summary>
/// <param name="Changed">Tasks that moved, as they are now, in the order of all of the run's.</param>
/// <param name="To">The run's new status, or null where it stays.</param>
/// <param name="WakeAt">When time alone will change something; null where only an event can.</param>
public sealed record RunStep(IReadOnlyList<TaskState> Changed, RunStatus? To, DateTimeOffset? WakeAt)
{
    public static RunStep Nothing { get; } = new([], null, null);
}
