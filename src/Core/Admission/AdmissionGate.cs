using Headgate.Core.Metering;
using Headgate.Core.Plans;
using Headgate.Core.Tenants;

namespace Headgate.Core.Admission;

/// <summary>Decides every run of every origin. Checks status, then month, then budget, then concurrency, then the queue; the order is part of the API.</summary>
public static class AdmissionGate
{
    public const int PausedRetryAfterSeconds = 60;
    public const int UnknownDurationRetryAfterSeconds = 30;
    public const int LongestRetryAfterSeconds = 300;

    /// <summary>By which part the hint of a full tenant differs from the forecast at most: callers refused together don't come back together.</summary>
    public const double RetryAfterJitter = 0.2;

    /// <summary>Weight of the newest run in <see cref="Ledger.AverageRunSeconds"/> and <see cref="Ledger.AverageWaitSeconds"/>.</summary>
    public const double DurationSmoothing = 0.2;

    /// <param name="ledger">The tenant's.</param>
    /// <param name="now">The time.</param>
    /// <param name="chance">Draws uniformly from [0, 1), for the jitter of a refusal's hint; null: no jitter.</param>
    public static AdmissionDecision Decide(Ledger ledger, DateTimeOffset now, Func<double>? chance = null)
    {
        var status = ledger.StatusAt(now);
        if (status == TenantStatus.Paused)
            return new AdmissionDecision.Paused(PauseSeconds(ledger.Pause, now));
        if (status != TenantStatus.Active)
            return new AdmissionDecision.NotActive(status);

        var limits = ledger.LimitsAt(now);
        var runsThisMonth = ledger.RunsInMonthOf(now);
        if (runsThisMonth >= limits.MaxMonthlyRuns)
            return new AdmissionDecision.MonthlyLimit(runsThisMonth, limits.MaxMonthlyRuns, ledger.Plan, SecondsToNextMonth(now));
        if (SoftLimits.BudgetReached(ledger, now) is { } budget)
            return new AdmissionDecision.BudgetReached(budget.Code, budget.Used, budget.Limit, ledger.Plan, SecondsToNextMonth(now));
        // Those that wait are older: what is free is theirs.
        if (ledger.InFlight >= limits.MaxConcurrentRuns || ledger.WaitingRuns > 0)
            return WithoutSlot(ledger, limits, now, chance);
        var shadow = ShadowRefusal(ledger, limits, runsThisMonth);
        return new AdmissionDecision.Admitted(TakeSlot(ledger, now, shadow), limits.MaxConcurrentRuns, shadow);
    }

    /// <summary>What can be done now for the runs that wait.</summary>
    public static WaitingStep StepForWaiting(Ledger ledger, DateTimeOffset now)
    {
        if (ledger.WaitingRuns == 0)
            return WaitingStep.Nothing;
        var status = ledger.StatusAt(now);
        return status == TenantStatus.Deactivated ? WaitingStep.Close
            : status == TenantStatus.Active && HasSlot(ledger, now) ? WaitingStep.Start
            : WaitingStep.Nothing;
    }

    /// <summary>Whether a run that asks now would be admitted, or would find a place in the queue.</summary>
    public static bool HasRoom(Ledger ledger, DateTimeOffset now) =>
        ledger.LimitsAt(now) is var limits
        && ledger.StatusAt(now) == TenantStatus.Active
        && ledger.RunsInMonthOf(now) < limits.MaxMonthlyRuns
        && SoftLimits.BudgetReached(ledger, now) is null
        && (ledger.WaitingRuns < limits.MaxWaitingRuns || (ledger.WaitingRuns == 0 && ledger.InFlight < limits.MaxConcurrentRuns));

    /// <summary>A waiting run takes a slot, where <see cref="StepForWaiting"/> says so. It counts in the month in which it starts.</summary>
    public static Ledger StartWaiting(Ledger ledger, WaitingRun run, DateTimeOffset now) => TakeSlot(Leave(ledger), now) with
    {
        AverageWaitSeconds = Smoothed(ledger.AverageWaitSeconds, (now - run.Since).TotalSeconds),
    };

    /// <summary>A waiting run gives up its place.</summary>
    public static Ledger Leave(Ledger ledger) => ledger with { WaitingRuns = Math.Max(ledger.WaitingRuns - 1, 0) };

    /// <summary>Gives back the slot of a finished run. The caller must do so once a run.</summary>
    /// <param name="ledger">The ledger before.</param>
    /// <param name="since">When the run took its slot.</param>
    /// <param name="ending">What the run adds to the usage; see <see cref="RunEnding"/>.</param>
    /// <param name="now">The time.</param>
    public static Ledger Release(Ledger ledger, DateTimeOffset since, UsageCounts ending, DateTimeOffset now) => ledger.Metered(ending, ledger.InFlight, now) with
    {
        InFlight = Math.Max(ledger.InFlight - 1, 0),
        Transition = ledger.Transition + 1,
        AverageRunSeconds = Smoothed(ledger.AverageRunSeconds, (now - since).TotalSeconds),
        Starts = ledger.Starts?.Without(since),
    };

    /// <summary>When the UTC month after the one of a time begins.</summary>
    public static DateTimeOffset NextMonth(DateTimeOffset at) =>
        new DateTimeOffset(at.UtcDateTime.Year, at.UtcDateTime.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1);

    private static bool HasSlot(Ledger ledger, DateTimeOffset now) =>
        ledger.LimitsAt(now) is var limits && ledger.InFlight < limits.MaxConcurrentRuns && ledger.RunsInMonthOf(now) < limits.MaxMonthlyRuns && SoftLimits.BudgetReached(ledger, now) is null;

    private static Ledger TakeSlot(Ledger ledger, DateTimeOffset now, string? shadowRefusal = null) => ledger.Metered(
        new UsageCounts(Accepted: 1, PeakInFlight: ledger.InFlight + 1, ShadowRefusals: shadowRefusal is null ? 0 : 1), ledger.InFlight, now) with
    {
        Status = ledger.StatusAt(now),
        Pause = null,
        InFlight = ledger.InFlight + 1,
        Transition = ledger.Transition + 1,
        Starts = (ledger.Starts ?? RunStarts.None).With(now),
    };

    private static AdmissionDecision WithoutSlot(Ledger ledger, TenantLimits limits, DateTimeOffset now, Func<double>? chance)
    {
        if (limits.MaxWaitingRuns <= 0)
            return new AdmissionDecision.ConcurrencyLimit(ledger.InFlight, limits.MaxConcurrentRuns, ledger.Plan, SlotSeconds(ledger, now, chance));
        if (ledger.WaitingRuns >= limits.MaxWaitingRuns)
            return new AdmissionDecision.QueueFull(ledger.WaitingRuns, limits.MaxWaitingRuns, ledger.Plan, SlotSeconds(ledger, now, chance));
        var shadow = ShadowRefusal(ledger, limits, ledger.RunsInMonthOf(now));
        var counted = shadow is null ? ledger : ledger.Metered(new UsageCounts(ShadowRefusals: 1), ledger.InFlight, now);
        var after = counted.EndedPause(now) with { WaitingRuns = ledger.WaitingRuns + 1, LastPlace = ledger.LastPlace + 1 };
        return new AdmissionDecision.Queued(after, limits.MaxConcurrentRuns, shadow);
    }

    private static string? ShadowRefusal(Ledger ledger, TenantLimits limits, int runsThisMonth) =>
        runsThisMonth >= limits.ShadowMaxMonthlyRuns ? RefusalCodes.MonthlyLimit
        : ledger.InFlight >= limits.ShadowMaxConcurrentRuns ? RefusalCodes.ConcurrencyLimit
        : null;

    private static double Smoothed(double? average, double newest)
    {
        var seconds = Math.Max(newest, 0);
        return average is { } known ? known + (DurationSmoothing * (seconds - known)) : seconds;
    }

    private static int PauseSeconds(PauseRecord? pause, DateTimeOffset now) =>
        pause?.Until is { } until ? WholeSeconds((until - now).TotalSeconds, int.MaxValue) : PausedRetryAfterSeconds;

    private static int SlotSeconds(Ledger ledger, DateTimeOffset now, Func<double>? chance) =>
        SlotForecast.SecondsToSlot(ledger, now) is { } seconds
            ? WholeSeconds(Math.Min(seconds, LongestRetryAfterSeconds) * (1 + (RetryAfterJitter * ((2 * (chance?.Invoke() ?? 0.5)) - 1))), LongestRetryAfterSeconds)
            : UnknownDurationRetryAfterSeconds;

    private static int SecondsToNextMonth(DateTimeOffset now) => WholeSeconds((NextMonth(now) - now).TotalSeconds, int.MaxValue);

    private static int WholeSeconds(double seconds, int most) => (int)Math.Clamp(Math.Ceiling(seconds), 1, most);
}
