using Headgate.Core.Schedules;
using Headgate.Functions.Stores.Runs;

namespace Headgate.Functions.Stores.Schedules;

/// <summary>What a tenant wrote of a schedule: when it comes, and the run that is then submitted.</summary>
/// <param name="Cron">Five fields; null where it comes at a fixed distance.</param>
/// <param name="EverySeconds">The distance; null where <paramref name="Cron"/> says when.</param>
/// <param name="TimeZone">An id of the IANA's, for <paramref name="Cron"/>.</param>
/// <param name="Run">Checked when it was written; its policies are names until it is submitted.</param>
public sealed record ScheduleDefinition(
    string? Cron, int? EverySeconds, string TimeZone, int JitterSeconds, OverlapRule Overlap, CatchUpRule CatchUp, bool IsEnabled, RunDefinition Run)
{
    /// <summary>Whether both come at the same times, given the same beginning.</summary>
    public bool ComesLike(ScheduleDefinition other) =>
        (Cron, EverySeconds, TimeZone, JitterSeconds, IsEnabled) == (other.Cron, other.EverySeconds, other.TimeZone, other.JitterSeconds, other.IsEnabled);

    /// <summary>Whether both are the same but for the run.</summary>
    public bool RulesLike(ScheduleDefinition other) => ComesLike(other) && (Overlap, CatchUp) == (other.Overlap, other.CatchUp);
}

/// <summary>What became of the occurrence that came last.</summary>
/// <param name="At">When it was to be fired.</param>
/// <param name="Outcome">One of the constants.</param>
/// <param name="RunId">The run that was admitted.</param>
/// <param name="Code">Why none was.</param>
public sealed record LastFire(DateTimeOffset At, string Outcome, string? RunId = null, string? Code = null)
{
    public const string Admitted = "admitted";
    public const string Refused = "refused";
    public const string Skipped = "skipped";
}

/// <summary>A schedule as it is stored. Immutable.</summary>
/// <param name="AnchorAt">From where a fixed distance is counted.</param>
/// <param name="State">Which occurrences are settled.</param>
/// <param name="DueAt">Where it stands in the list of all schedules by when they are due; null where it does not.</param>
/// <param name="Last">Null while none came.</param>
/// <param name="PreviousRunId">The last run that was admitted.</param>
/// <param name="ETag">Null while it is not stored.</param>
public sealed record ScheduleRecord(
    string TenantId,
    string Name,
    ScheduleDefinition Definition,
    DateTimeOffset AnchorAt,
    ScheduleState State,
    DateTimeOffset? DueAt,
    LastFire? Last,
    string? PreviousRunId,
    DateTimeOffset CreatedAt,
    string? ETag);
