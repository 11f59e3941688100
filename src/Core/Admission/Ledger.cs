using Headgate.Core.Plans;
using Headgate.Core.Tenants;

namespace Headgate.Core.Admission;

/// <summary>
/// What admission decides on, all of it in one row: status and counters change together or not at all.
/// Invariant: <c>0 ≤ InFlight</c>, and no admission leaves it above the limit.
/// </summary>
/// <param name="Status">As stored; a pause whose end has come counts as active, see <see cref="StatusAt"/>.</param>
/// <param name="Pause">Present while paused.</param>
/// <param name="PlanId">A plan of <see cref="PlanTable"/>.</param>
/// <param name="Overrides">The tenant's own limits.</param>
/// <param name="InFlight">Runs pending or running.</param>
/// <param name="Month">The UTC month <paramref name="RunsThisMonth"/> counts, as <c>yyyy-MM</c>.</param>
/// <param name="RunsThisMonth">Runs admitted in that month.</param>
/// <param name="AverageRunSeconds">Smoothed duration of this tenant's finished runs; null until one finished.</param>
/// <param name="OtherMonth">The month that was counted before: a clock that is set over a month's end and back goes on in each where it was.</param>
/// <param name="RunsInOtherMonth">Runs admitted in that one.</param>
public sealed record Ledger(
    TenantStatus Status,
    PauseRecord? Pause,
    string PlanId,
    LimitOverrides Overrides,
    int InFlight,
    string Month,
    int RunsThisMonth,
    double? AverageRunSeconds,
    string? OtherMonth = null,
    int RunsInOtherMonth = 0)
{
    public Plan Plan => PlanTable.Get(PlanId);

    public TenantLimits Limits => Plan.Limits.With(Overrides);

    public static Ledger Open(string planId, LimitOverrides overrides, DateTimeOffset now) =>
        new(TenantStatus.Active, null, planId, overrides, 0, MonthOf(now), 0, null);

    public static string MonthOf(DateTimeOffset at) => $"{at.UtcDateTime:yyyy-MM}";

    /// <summary>The status that holds now: a pause ends by itself at its stored end.</summary>
    public TenantStatus StatusAt(DateTimeOffset now) =>
        Status == TenantStatus.Paused && Pause?.Until <= now ? TenantStatus.Active : Status;

    /// <summary>With a pause whose end has come ended for good, whatever the clock shows later.</summary>
    public Ledger EndedPause(DateTimeOffset now) => StatusAt(now) == Status ? this : this with { Status = StatusAt(now), Pause = null };

    /// <summary>Runs counted for the month of <paramref name="now"/>: a new month starts at zero.</summary>
    public int RunsInMonthOf(DateTimeOffset now)
    {
        var month = MonthOf(now);
        return month == Month ? RunsThisMonth : month == OtherMonth ? RunsInOtherMonth : 0;
    }

    /// <summary>One more run in the month of <paramref name="now"/>.</summary>
    public Ledger CountRun(DateTimeOffset now)
    {
        var (month, runs) = (MonthOf(now), RunsInMonthOf(now) + 1);
        return month == Month
            ? this with { RunsThisMonth = runs }
            : this with { Month = month, RunsThisMonth = runs, OtherMonth = Month, RunsInOtherMonth = RunsThisMonth };
    }
}
