namespace Headgate.Core.Runs;

/// <summary>The part of a run's row that <see cref="RunAdvance"/> needs.</summary>
/// <param name="Status">As stored.</param>
/// <param name="CancelRequestedAt">When it was first cancelled; null if it was not.</param>
public sealed record RunState(RunStatus Status, DateTimeOffset? CancelRequestedAt);
