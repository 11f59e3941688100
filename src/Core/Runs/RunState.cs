namespace Headgate.Core.Runs;

/// <summary>The part of a run's row that <see cref="RunAdvance"/> needs.</summary>
/// <param name="Status">As stored.</param>
/// <param name="CancelRequestedAt">When it was first cancelled; null if it was not.</param>
/// <param name="RetryBudget">Retries that its tasks may start together; null: as many as each of them may.</param>
public sealed record RunState(RunStatus Status, DateTimeOffset? CancelRequestedAt, int? RetryBudget = null);
