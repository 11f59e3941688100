using Headgate.Core.Runs;

namespace Headgate.Core.Admission;

/// <summary>A run that was accepted over the cap and waits for a slot.</summary>
/// <param name="Place">Grows with each that is accepted by the tenant; a clock that is set back changes nothing about it.</param>
/// <param name="RunId">Which.</param>
/// <param name="Priority">The run's.</param>
/// <param name="Since">When it was accepted.</param>
public sealed record WaitingRun(int Place, string RunId, TaskPriority Priority, DateTimeOffset Since);
