using Headgate.Contracts.Runs;

namespace Headgate.Client.Calls;

/// <summary>A run that was taken.</summary>
/// <param name="RunId">The run's.</param>
/// <param name="Status"><c>pending</c>; <c>queued</c> if it waits for a slot.</param>
/// <param name="Position">Of a queued run, from 1; else null.</param>
/// <param name="EstimatedStartAt">Of a queued run; null while nothing is known.</param>
/// <param name="InFlight">The tenant's runs that have a slot.</param>
/// <param name="Limit">How many may.</param>
/// <param name="ShadowRefusal">The code under which a shadow limit would have refused it; null if none would.</param>
/// <param name="IsReplayed">Whether this is the answer to an earlier submission with the same idempotency key.</param>
/// <param name="Links">Where to go on.</param>
/// <param name="RequestId">The request's, of the first submission if it is replayed.</param>
public sealed record Submission(
    string RunId,
    string Status,
    int? Position,
    DateTimeOffset? EstimatedStartAt,
    int InFlight,
    int Limit,
    string? ShadowRefusal,
    bool IsReplayed,
    RunLinks Links,
    string RequestId);
