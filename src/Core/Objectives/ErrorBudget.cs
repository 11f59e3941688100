namespace Headgate.Core.Objectives;

/// <summary>From good to bad; a tally with more bad events never stands before one with fewer.</summary>
public enum ObjectiveStanding
{
    /// <summary>Budget is left, and it lasts.</summary>
    Met,

    /// <summary>Budget is left, and it burns too fast.</summary>
    Burning,

    /// <summary>The budget is used up: over the window the target is missed.</summary>
    Missed,
}

/// <summary>The arithmetic of error budgets: a target of 99.9 % lets one event of a thousand be bad.</summary>
public static class ErrorBudget
{
    /// <summary>What is less than this is nothing: 1 − 0.99 is no whole hundredth.</summary>
    private const double Rounding = 1e-9;

    /// <summary>
    /// How many times as many events were bad as the target allows: 1 uses the budget up exactly, 99.8 % good at a target of 99.9 % is 2. 0 where nothing
    /// happened.
    /// </summary>
    /// <param name="target">More than 0, less than 1.</param>
    public static double BurnRate(Tally tally, double target) => tally.Total == 0 ? 0 : (double)tally.Bad / tally.Total / (1 - target);

    /// <summary>The share of the window's budget that is left: 1 untouched, 0 used up, less than 0 overspent.</summary>
    /// <param name="window">Everything in the objective's window.</param>
    public static double Left(Tally window, double target) => 1 - BurnRate(window, target);

    /// <param name="tally">Over any time.</param>
    /// <returns>Whether the limit's rate is reached over both of its windows, by enough events.</returns>
    public static bool BurnsTooFast(BurnLimit limit, Func<TimeSpan, Tally> tally, double target) =>
        tally(limit.Long) is var whole && whole.Bad >= limit.MinimumBad && BurnRate(whole, target) >= limit.Rate && BurnRate(tally(limit.Short), target) >= limit.Rate;

    public static ObjectiveStanding Standing(Objective objective, string plan, IEnumerable<BurnLimit> limits, Func<TimeSpan, Tally> tally)
    {
        var target = objective.TargetOf(plan);
        return Left(tally(objective.Window), target) <= Rounding ? ObjectiveStanding.Missed
            : limits.Any(limit => BurnsTooFast(limit, tally, target)) ? ObjectiveStanding.Burning
            : ObjectiveStanding.Met;
    }
}
