using Headgate.Core.Plans;
using Headgate.Core.Tenants;

namespace Headgate.Core.Admission;

/// <summary>
/// All that admission decides on, in one row, so that status and counters change together.
/// Invariant: <c>0 ≤ InFlight</c>, and no admission leaves it above the limit.
/// </summary>
/// <param name="Status">As stored; an expired pause counts as active, see <see cref="StatusAt"/>.</param>
/// <param name="Pause">Present while paused.</param>
/// <param name="PlanId">A plan of <see cref="PlanTable"/>.</param>
/// <param name="Overrides">The tenant's own limits.</param>
/// <param name="InFlight">Runs pending or running.</param>
/// <param name="Month">The UTC month <paramref name="RunsThisMonth"/> counts, as <c>yyyy-MM</c>.</param>
/// <param name="RunsThisMonth">Runs admitted in that month.</param>
/// <param name="AverageRunSeconds">Smoothed duration of the tenant's finished runs; null until one finished.</param>
/// <param name="OtherMonth">The month counted before, kept in case the clock is set back over the month's end.</param>
/// <param name="RunsInOtherMonth">Runs admitted in that month.</param>
/// <param name="Starts">When runs in flight took their slots, as far as that is kept.</param>
/// <param name="WaitingRuns">Runs accepted over the cap, which wait for a slot. They count against nothing else.</param>
/// <param name="LastPlace">The place that the last of them was given; places only grow.</param>
/// <param name="AverageWaitSeconds">Smoothed wait of those that were started; null until one was.</param>
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
    int RunsInOtherMonth = 0,
    RunStarts? Starts = null,
    int WaitingRuns = 0,
    int LastPlace = 0,
    double? AverageWaitSeconds = null)
{
    public Plan Plan => PlanTable.Get(PlanId);

    /// <summary>The plan's limits, and over them the tenant's own as long as they hold.</summary>
    public TenantLimits LimitsAt(DateTimeOffset now) => Plan.Limits.With(Overrides.At(now));

    public static Ledger Open(string planId, LimitOverrides overrides, DateTimeOffset now) =>
        new(TenantStatus.Active, null, planId, overrides, 0, MonthOf(now), 0, null);

    public static string MonthOf(DateTimeOffset at) => $"{at.UtcDateTime:yyyy-MM}";

    /// <summary>The status at a time: a pause ends by itself at its stored end.</summary>
    public TenantStatus StatusAt(DateTimeOffset now) =>
        Status == TenantStatus.Paused && Pause?.Until <= now ? TenantStatus.Active : Status;

    /// <summary>Makes the end of an expired pause final, even if the clock is set back later.</summary>
    public Ledger EndedPause(DateTimeOffset now) => StatusAt(now) == Status ? this : this with { Status = StatusAt(now), Pause = null };

    /// <summary>Runs counted in the month of <paramref name="now"/>.</summary>
    public int RunsInMonthOf(DateTimeOffset now)
    {
        var month = MonthOf(now);
        return month == Month ? RunsThisMonth : month == OtherMonth ? RunsInOtherMonth : 0;
    }

    /// <summary>Counts one more run in the month of <paramref name="now"/>.</summary>
    public Ledger CountRun(DateTimeOffset now)
    {
        var (month, runs) = (MonthOf(now), RunsInMonthOf(now) + 1);
        return month == Month
            ? this with { RunsThisMonth = runs }
            : this with { Month = month, RunsThisMonth = runs, OtherMonth = Month, RunsInOtherMonth = RunsThisMonth };
    }
}
