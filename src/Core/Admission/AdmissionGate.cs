using Headgate.Core.Tenants;

namespace Headgate.Core.Admission;

/// <summary>Decides every run of every origin. Checks status, then month, then concurrency; the order is part of the API.</summary>
public static class AdmissionGate
{
    public const int PausedRetryAfterSeconds = 60;
    public const int UnknownDurationRetryAfterSeconds = 30;
    public const int LongestRetryAfterSeconds = 3600;

    /// <summary>Weight of the newest run in <see cref="Ledger.AverageRunSeconds"/>.</summary>
    public const double DurationSmoothing = 0.2;

    public static AdmissionDecision Decide(Ledger ledger, DateTimeOffset now)
    {
        var status = ledger.StatusAt(now);
        if (status == TenantStatus.Paused)
            return new AdmissionDecision.Paused(PauseSeconds(ledger.Pause, now));
        if (status != TenantStatus.Active)
            return new AdmissionDecision.NotActive(status);

        var limits = ledger.Limits;
        var runsThisMonth = ledger.RunsInMonthOf(now);
        if (runsThisMonth >= limits.MaxMonthlyRuns)
            return new AdmissionDecision.MonthlyLimit(runsThisMonth, limits.MaxMonthlyRuns, ledger.Plan, SecondsToNextMonth(now));
        if (ledger.InFlight >= limits.MaxConcurrentRuns)
            return new AdmissionDecision.ConcurrencyLimit(ledger.InFlight, limits.MaxConcurrentRuns, ledger.Plan, SlotSeconds(ledger, limits.MaxConcurrentRuns));

        return new AdmissionDecision.Admitted(
            ledger.CountRun(now) with
            {
                Status = status,
                Pause = null,
                InFlight = ledger.InFlight + 1,
            },
            limits.MaxConcurrentRuns);
    }

    /// <summary>Gives back the slot of a finished run. The caller must do so once a run.</summary>
    /// <param name="ledger">The ledger before.</param>
    /// <param name="duration">How long the run held its slot.</param>
    public static Ledger Release(Ledger ledger, TimeSpan duration)
    {
        var seconds = Math.Max(duration.TotalSeconds, 0);
        var average = ledger.AverageRunSeconds is { } known ? known + (DurationSmoothing * (seconds - known)) : seconds;
        return ledger with { InFlight = Math.Max(ledger.InFlight - 1, 0), AverageRunSeconds = average };
    }

    private static int PauseSeconds(PauseRecord? pause, DateTimeOffset now) =>
        pause?.Until is { } until ? WholeSeconds((until - now).TotalSeconds, int.MaxValue) : PausedRetryAfterSeconds;

    private static int SlotSeconds(Ledger ledger, int limit) =>
        ledger.AverageRunSeconds is { } average && limit > 0
            ? WholeSeconds(average / limit, LongestRetryAfterSeconds)
            : UnknownDurationRetryAfterSeconds;

    private static int SecondsToNextMonth(DateTimeOffset now)
    {
        var utc = now.UtcDateTime;
        var next = new DateTime(utc.Year, utc.Month, 1, 0, 0, 0, DateTimeKind.Utc).AddMonths(1);
        return WholeSeconds((next - utc).TotalSeconds, int.MaxValue);
    }

    private static int WholeSeconds(double seconds, int most) => (int)Math.Clamp(Math.Ceiling(seconds), 1, most);
}
