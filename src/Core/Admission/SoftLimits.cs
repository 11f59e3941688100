namespace Headgate.Core.Admission;

/// <summary>How near a tenant is to a limit of its UTC month.</summary>
/// <param name="Code">Which; see <see cref="SoftLimits"/>.</param>
/// <param name="Used">Runs or agent seconds of this month.</param>
/// <param name="Limit">The limit.</param>
public sealed record LimitUse(string Code, long Used, long Limit)
{
    public bool IsReached => Used >= Limit;
}

/// <summary>Warns of limits of the month before they are reached. Runs are exact; agent seconds count when their run ends.</summary>
public static class SoftLimits
{
    public const string MonthlyRuns = RefusalCodes.MonthlyLimit;
    public const string BudgetRuns = "budget-runs";
    public const string BudgetAgentSeconds = "budget-agent-seconds";

    /// <summary>Of a limit, in percent, from which on is warned.</summary>
    public const int WarnAtPercent = 80;

    private static readonly IReadOnlyList<LimitUse> s_none = [];

    /// <summary>The limits that are used up by so much that somebody should know.</summary>
    public static IReadOnlyList<LimitUse> Warnings(Ledger ledger, DateTimeOffset now)
    {
        var limits = ledger.LimitsAt(now);
        // Almost always it is none, and this is asked of every admission.
        var least = Math.Min(limits.MaxMonthlyRuns, limits.BudgetRuns ?? int.MaxValue);
        if (limits.BudgetAgentSeconds is null && !IsNear(ledger.RunsInMonthOf(now), least))
            return s_none;
        var near = All(ledger, now).Where(use => IsNear(use.Used, use.Limit)).ToList();
        return near.Count == 0 ? s_none : near;
    }

    /// <summary>All limits of the month and what is used of them.</summary>
    public static IEnumerable<LimitUse> All(Ledger ledger, DateTimeOffset now)
    {
        var limits = ledger.LimitsAt(now);
        yield return new(MonthlyRuns, ledger.RunsInMonthOf(now), limits.MaxMonthlyRuns);
        if (limits.BudgetRuns is { } runs)
            yield return new(BudgetRuns, ledger.RunsInMonthOf(now), runs);
        if (limits.BudgetAgentSeconds is { } seconds)
            yield return new(BudgetAgentSeconds, ledger.AgentMillisecondsInMonthOf(now) / 1000, seconds);
    }

    /// <summary>What one change newly brought near to its limit, or to it.</summary>
    public static IEnumerable<LimitUse> Crossed(Ledger before, Ledger after, DateTimeOffset now)
    {
        var near = Warnings(after, now);
        if (near.Count == 0)
            return near;
        var known = Warnings(before, now);
        return near.Where(use => !known.Any(old => old.Code == use.Code && old.Limit == use.Limit && old.IsReached == use.IsReached));
    }

    /// <summary>The budget that is used up; null where none is.</summary>
    public static LimitUse? BudgetReached(Ledger ledger, DateTimeOffset now)
    {
        var limits = ledger.LimitsAt(now);
        if (limits is { BudgetRuns: null, BudgetAgentSeconds: null })
            return null;
        return All(ledger, now).FirstOrDefault(use => use.IsReached && use.Code != MonthlyRuns);
    }

    private static bool IsNear(long used, long limit) => limit > 0 && used * 100 >= limit * WarnAtPercent;
}
