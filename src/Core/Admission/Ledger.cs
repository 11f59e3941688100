using Headgate.Core.Metering;
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
/// <param name="AgentMillisecondsThisMonth">Of the runs that ended in <paramref name="Month"/>.</param>
/// <param name="AgentMillisecondsInOtherMonth">Of those that ended in <paramref name="OtherMonth"/>.</param>
/// <param name="Usage">What the day adds up to since its piece began; null until a run is admitted or ends.</param>
/// <param name="Transition">Counts the changes of <paramref name="InFlight"/>: each run knows the number with which it took its slot, and with which it gave it back. A correction has a number that no run knows.</param>
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
    double? AverageWaitSeconds = null,
    long AgentMillisecondsThisMonth = 0,
    long AgentMillisecondsInOtherMonth = 0,
    UsagePiece? Usage = null,
    long Transition = 0)
{
    private static volatile MonthName? s_month;

    public Plan Plan => PlanTable.Get(PlanId);

    /// <summary>The plan's limits, and over them the tenant's own as long as they hold.</summary>
    public TenantLimits LimitsAt(DateTimeOffset now) => Plan.Limits.With(Overrides.At(now));

    public static Ledger Open(string planId, LimitOverrides overrides, DateTimeOffset now) =>
        new(TenantStatus.Active, null, planId, overrides, 0, MonthOf(now), 0, null);

    public static string MonthOf(DateTimeOffset at)
    {
        var utc = at.UtcDateTime;
        // Asked several times of every admission, and nearly always the same.
        if (s_month is not { } last || last.Year != utc.Year || last.Month != utc.Month)
            s_month = last = new(utc.Year, utc.Month, $"{utc:yyyy-MM}");
        return last.Name;
    }

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

    /// <summary>How long agents worked for runs that ended in the month of <paramref name="now"/>.</summary>
    public long AgentMillisecondsInMonthOf(DateTimeOffset now)
    {
        var month = MonthOf(now);
        return month == Month ? AgentMillisecondsThisMonth : month == OtherMonth ? AgentMillisecondsInOtherMonth : 0;
    }

    /// <summary>With the month of <paramref name="now"/> as the one that is counted.</summary>
    public Ledger InMonthOf(DateTimeOffset now)
    {
        var month = MonthOf(now);
        return month == Month ? this : this with
        {
            Month = month,
            RunsThisMonth = RunsInMonthOf(now),
            AgentMillisecondsThisMonth = AgentMillisecondsInMonthOf(now),
            OtherMonth = Month,
            RunsInOtherMonth = RunsThisMonth,
            AgentMillisecondsInOtherMonth = AgentMillisecondsThisMonth,
        };
    }

    /// <summary>Adds to what is used, of this month and this day.</summary>
    /// <param name="change">What it adds.</param>
    /// <param name="inFlightBefore">Slots taken before the change.</param>
    /// <param name="now">When.</param>
    public Ledger Metered(UsageCounts change, int inFlightBefore, DateTimeOffset now)
    {
        var ledger = InMonthOf(now);
        return ledger with
        {
            RunsThisMonth = ledger.RunsThisMonth + (int)change.Accepted,
            AgentMillisecondsThisMonth = ledger.AgentMillisecondsThisMonth + change.AgentMilliseconds,
            Usage = UsagePiece.After(Usage, change, inFlightBefore, now),
        };
    }

    private sealed record MonthName(int Year, int Month, string Name);
}
