namespace Headgate.Contracts.Runs;

/// <summary>Why a run or a task is where it is.</summary>
/// <param name="State">Its status.</param>
/// <param name="Causes">At least one; what has to end first comes first.</param>
/// <param name="Place">Its place in line, 1 for the first; null if it is in none, or more stand before it than are counted.</param>
/// <param name="Ahead">How many go before it.</param>
/// <param name="EstimatedStartAt">Null while unknown.</param>
/// <param name="EstimateBasis">What the estimate rests on, and how far off such estimates were.</param>
public sealed record ExplainView(
    string State, IReadOnlyList<CauseView> Causes, int? Place, int? Ahead, DateTimeOffset? EstimatedStartAt, string? EstimateBasis);

/// <param name="Code"><c>cap</c>, <c>paused</c>, <c>waiting-for-start</c>, <c>resource-held</c>, <c>no-agent</c>, <c>agents-busy</c>, <c>backoff</c>, <c>retry-budget</c>, <c>needs</c> or <c>nothing</c>.</param>
/// <param name="Since">Null if unknown.</param>
/// <param name="Message">A sentence.</param>
/// <param name="BlockedBy">Ids of the tasks, agents or runs that it waits for; at most 20.</param>
/// <param name="Cures">What somebody can do about it, the nearest first.</param>
public sealed record CauseView(string Code, DateTimeOffset? Since, string Message, IReadOnlyList<string>? BlockedBy, IReadOnlyList<string> Cures);
