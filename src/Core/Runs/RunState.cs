namespace Headgate.Core.Runs;

/// <summary>What decides a run's fate besides its tasks.</summary>
/// <param name="Status">As stored.</param>
/// <param name="CancelRequestedAt">Set once, by whoever cancelled first.</param>
public sealed record RunState(RunStatus Status, DateTimeOffset? CancelRequestedAt);
