using Headgate.Simulation.Clockwork;

namespace Headgate.Simulation.Traffic;

/// <summary>A tenant: what it buys, how much it submits and at what time of the day.</summary>
/// <param name="Id">In the service.</param>
/// <param name="Plan">What it buys.</param>
/// <param name="Key">A developer's.</param>
/// <param name="PeakHour">When most of its runs come, 0..24 UTC.</param>
/// <param name="MeanGap">Between two occasions to submit, over the day.</param>
internal sealed record Tenant(string Id, Plan Plan, string Key, double PeakHour, TimeSpan MeanGap)
{
    /// <summary>How far the rate swings around its mean over the day.</summary>
    private const double Swing = 0.9;

    /// <summary>How many runs come on one occasion: mostly one, now and then a burst.</summary>
    private const double BurstChance = 0.05;

    public static Tenant Draw(int number, RandomStream chance)
    {
        var plan = Plan.Draw(chance);
        return new($"t{number:0000}", plan, "", chance.Between(0, 24.0), TimeSpan.FromDays(1 / chance.Spread(plan.RunsPerDay, 0.7)));
    }

    /// <summary>The time to the next occasion. A Poisson process whose rate follows the day, by thinning (Lewis and Shedler, 1979).</summary>
    public TimeSpan NextGap(DateTimeOffset now, RandomStream chance)
    {
        var at = now;
        do
        {
            at += chance.Gap(MeanGap / (1 + Swing));
        }
        while (!chance.Chance((1 + (Swing * Math.Cos((at.TimeOfDay.TotalHours - PeakHour) / 24 * 2 * Math.PI))) / (1 + Swing)));
        return at - now;
    }

    public static int RunsAtOnce(RandomStream chance) => chance.Chance(BurstChance) ? chance.Between(2, 12) : 1;
}
