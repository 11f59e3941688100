namespace Headgate.Contracts.Runs;

/// <summary>Body of <c>POST /tenants/{t}/dead-letters/replay</c>; what is left out matches all.</summary>
/// <param name="Category">A failure class.</param>
/// <param name="Type">A task type.</param>
/// <param name="Since">Ended then or later.</param>
/// <param name="Until">Ended before then.</param>
/// <param name="Limit">1..1000 letters; 100 by default.</param>
/// <param name="From"><c>failed-task</c> (default): completed tasks keep their outcome and output; <c>start</c>: all run again.</param>
/// <param name="RatePerSecond">0.1..100 runs; 10 by default.</param>
/// <param name="DryRun">Only tells what matches.</param>
public sealed record ReplayRequest(
    string? Category = null,
    string? Type = null,
    DateTimeOffset? Since = null,
    DateTimeOffset? Until = null,
    int? Limit = null,
    string? From = null,
    double? RatePerSecond = null,
    bool? DryRun = null);

/// <summary>The answer to a dry run.</summary>
/// <param name="Matching">How many of the newest 10,000 match.</param>
/// <param name="Sample">The first ten.</param>
public sealed record ReplayPreview(int Matching, IReadOnlyList<DeadLetterView> Sample);

/// <summary>The 202 answer.</summary>
public sealed record ReplayAccepted(string ReplayId, int Matching);

/// <summary>How far a replay of many dead letters has come.</summary>
/// <param name="State"><c>running</c>, <c>waiting</c> (the gate refused, and is asked again), <c>completed</c>, or <c>expired</c> after seven days.</param>
/// <param name="Matching">Letters that matched when it began.</param>
/// <param name="Replayed">Letters whose runs were admitted again.</param>
/// <param name="Runs">New runs.</param>
/// <param name="Skipped">Letters that were replayed otherwise, or can't be.</param>
/// <param name="Refusals">How often the gate refused, by code.</param>
/// <param name="WaitsFor">The code of the last refusal, while it waits.</param>
public sealed record ReplayView(
    string ReplayId,
    string State,
    string From,
    double RatePerSecond,
    int Limit,
    int Matching,
    int Replayed,
    int Runs,
    int Skipped,
    IReadOnlyDictionary<string, int> Refusals,
    string? WaitsFor,
    DateTimeOffset StartedAt,
    DateTimeOffset? FinishedAt);
