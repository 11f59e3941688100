using System.Text.Json.Serialization;
using Headgate.Contracts.Runs;

namespace Headgate.Contracts.Tenants;

/// <summary>Body of <c>PUT /tenants/{t}/schedules/{name}</c>: all of it; what is absent is the default.</summary>
/// <param name="Run">What is submitted when it comes.</param>
/// <param name="Cron">Five fields; or else <paramref name="EverySeconds"/>.</param>
/// <param name="EverySeconds">60..31622400.</param>
/// <param name="TimeZone">An id of the IANA's, for <paramref name="Cron"/>; <c>UTC</c> by default.</param>
/// <param name="JitterSeconds">0..3600; 0 by default.</param>
/// <param name="Overlap"><c>skip</c> (default), <c>queue</c> or <c>cancel-previous</c>.</param>
/// <param name="CatchUp"><c>latest</c> (default) or <c>none</c>.</param>
/// <param name="Enabled">True by default.</param>
public sealed record ScheduleRequest(
    SubmitRunRequest Run,
    string? Cron = null,
    int? EverySeconds = null,
    string? TimeZone = null,
    int? JitterSeconds = null,
    string? Overlap = null,
    string? CatchUp = null,
    bool? Enabled = null);

/// <summary>A run that is submitted again and again.</summary>
/// <param name="NextFireAt">With its jitter; null while it is disabled, where it comes no more, and where the machine doesn't know its time zone.</param>
/// <param name="LastFire">Null while it never came.</param>
/// <param name="Run">With every default filled in; not in lists.</param>
public sealed record ScheduleView(
    string Name,
    string? Cron,
    int? EverySeconds,
    string TimeZone,
    int JitterSeconds,
    string Overlap,
    string CatchUp,
    bool Enabled,
    DateTimeOffset CreatedAt,
    DateTimeOffset? NextFireAt,
    LastFireView? LastFire,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SubmitRunRequest? Run = null);

/// <summary>What became of an occurrence.</summary>
/// <param name="At">When it was to be fired.</param>
/// <param name="Outcome"><c>admitted</c>, <c>refused</c> or <c>skipped</c>.</param>
/// <param name="RunId">The run that was admitted.</param>
/// <param name="Code">The refusal's, or why it was skipped: <c>overlap</c> or <c>missed</c>; <c>unknown-time-zone</c> where the machine doesn't know it.</param>
public sealed record LastFireView(DateTimeOffset At, string Outcome, string? RunId = null, string? Code = null);
