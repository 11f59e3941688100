namespace Headgate.Contracts.Tenants;

/// <summary>What a tenant used in a UTC month. Exact, but for the refusals.</summary>
/// <param name="Month">As <c>yyyy-MM</c>.</param>
/// <param name="Runs">Those that took a slot, and those that gave it back.</param>
/// <param name="Attempts">Hand-outs of the runs that ended.</param>
/// <param name="AgentSeconds">How long agents held them.</param>
/// <param name="PeakInFlight">The most slots taken at one instant.</param>
/// <param name="Refusals">Submissions refused, by code.</param>
/// <param name="ShadowRefusals">Runs accepted that a shadow limit would have refused.</param>
/// <param name="Days">Those of the month that have begun.</param>
/// <param name="Forecast">Limits of the month and when they are reached; null for other months than this one.</param>
public sealed record UsageView(
    string Month,
    RunCountsView Runs,
    long Attempts,
    double AgentSeconds,
    int PeakInFlight,
    IReadOnlyDictionary<string, int> Refusals,
    long ShadowRefusals,
    IReadOnlyList<UsageDayView> Days,
    IReadOnlyList<LimitForecastView>? Forecast);

/// <param name="Accepted">Runs that took a slot.</param>
/// <param name="Completed">Of those that gave theirs back.</param>
/// <param name="Failed">Likewise.</param>
/// <param name="Cancelled">Likewise.</param>
public sealed record RunCountsView(long Accepted, long Completed, long Failed, long Cancelled);

public sealed record UsageDayView(
    DateOnly Date,
    RunCountsView Runs,
    long Attempts,
    double AgentSeconds,
    int PeakInFlight,
    IReadOnlyDictionary<string, int> Refusals,
    long ShadowRefusals);

/// <param name="Code"><c>monthly-limit</c>, <c>budget-runs</c> or <c>budget-agent-seconds</c>.</param>
/// <param name="Used">In this month.</param>
/// <param name="Limit">Of it.</param>
/// <param name="ReachedOn">The UTC day of this month on which it is reached, at the rate of today and yesterday; null if it won't be.</param>
public sealed record LimitForecastView(string Code, long Used, long Limit, DateOnly? ReachedOn);
