using Headgate.Core.Plans;
using Headgate.Core.Tenants;

namespace Headgate.Core.Admission;

/// <summary>Foretells when a tenant's slots get free, from the ages of its runs in flight and how long its runs usually take.</summary>
public static class SlotForecast
{
    /// <summary>A run that has outlived the average is expected to take this part of it more.</summary>
    private const double Overtime = 0.1;

    /// <summary>Nobody foretells more than a year.</summary>
    private const double MaxSeconds = 366 * 86_400.0;

    /// <summary>The forecast of a tenant with thousands of slots is no better for counting each.</summary>
    private const int MaxCounted = 1_000;

    /// <summary>Seconds until the first slot of a full tenant gets free; null while no run has finished.</summary>
    public static double? SecondsToSlot(Ledger ledger, DateTimeOffset now)
    {
        if (ledger.AverageRunSeconds is not { } average || ledger.InFlight <= 0)
            return null;
        // Over the cap after it was lowered: so many must finish before one may start.
        var over = Math.Max(ledger.InFlight - ledger.LimitsAt(now).MaxConcurrentRuns, 0);
        var left = Remaining(ledger, average, now, over == 0 ? RunStarts.MaxRuns + 1 : MaxCounted);
        if (over == 0)
            return left.Min();
        left.Sort();
        return left[Math.Min(over, left.Count - 1)];
    }

    /// <summary>
    /// When the waiting run at a position would start if nothing changed; null while nothing is known, or while somebody has stopped the tenant
    /// without an end.
    /// </summary>
    /// <param name="ledger">The tenant's.</param>
    /// <param name="position">From 1.</param>
    /// <param name="now">The time.</param>
    public static DateTimeOffset? StartOf(Ledger ledger, int position, DateTimeOffset now) => StartsOf(ledger, position, now)[^1];

    /// <summary><see cref="StartOf"/> of each position from 1 to <paramref name="count"/>.</summary>
    public static IReadOnlyList<DateTimeOffset?> StartsOf(Ledger ledger, int count, DateTimeOffset now)
    {
        var starts = new DateTimeOffset?[count];
        var status = ledger.StatusAt(now);
        if ((status == TenantStatus.Paused && ledger.Pause?.Until is null) || status is TenantStatus.Suspended or TenantStatus.Deactivated)
            return starts;
        var limits = ledger.LimitsAt(now);
        if (ledger.AverageRunSeconds is not { } average || limits.MaxConcurrentRuns <= 0 || RunsOfAMonth(limits) <= 0)
            return starts;

        var slots = Slots(ledger, limits.MaxConcurrentRuns, average, count, now);
        var from = status == TenantStatus.Paused ? ledger.Pause!.Until!.Value : now;
        var leftInMonth = SoftLimits.BudgetReached(ledger, from) is null ? RunsOfAMonth(limits) - ledger.RunsInMonthOf(from) : 0;
        for (var i = 0; i < count; i++)
        {
            if (i >= leftInMonth)
            {
                from = AdmissionGate.NextMonth(from);
                leftInMonth += RunsOfAMonth(limits);
            }

            var seconds = Math.Min(Math.Max(slots.Dequeue(), (from - now).TotalSeconds), MaxSeconds);
            slots.Enqueue(seconds + average, seconds + average);
            starts[i] = now.AddSeconds(seconds);
        }

        return starts;
    }

    private static int RunsOfAMonth(TenantLimits limits) => Math.Min(limits.MaxMonthlyRuns, limits.BudgetRuns ?? int.MaxValue);

    // In how many seconds each slot gets free.
    private static PriorityQueue<double, double> Slots(Ledger ledger, int cap, double average, int count, DateTimeOffset now)
    {
        var slots = new PriorityQueue<double, double>();
        for (var free = Math.Min(cap - ledger.InFlight, count); free > 0; free--)
            slots.Enqueue(0, 0);
        foreach (var left in Remaining(ledger, average, now, MaxCounted))
            slots.Enqueue(left, left);
        for (var over = ledger.InFlight - cap; over > 0 && slots.Count > 1; over--)
            slots.Dequeue();
        return slots;
    }

    // Of those whose start is not kept, nothing is known but that they run: they are taken to be spread evenly, those that end first before the others.
    private static List<double> Remaining(Ledger ledger, double average, DateTimeOffset now, int most)
    {
        var starts = ledger.Starts ?? RunStarts.None;
        var known = Math.Min(starts.Count, ledger.InFlight);
        var counted = Math.Min(ledger.InFlight, most);
        var left = new List<double>(counted);
        for (var i = 0; i < known; i++)
            left.Add(Math.Max(average - starts.AgeSeconds(i, now), average * Overtime));
        for (var i = known; i < counted; i++)
            left.Add(average * (i - known + 1) / (ledger.InFlight - known));
        return left;
    }
}
