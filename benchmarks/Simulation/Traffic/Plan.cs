using Headgate.Simulation.Clockwork;

namespace Headgate.Simulation.Traffic;

/// <summary>A plan as its tenants use it.</summary>
/// <param name="Id">The service's name for it.</param>
/// <param name="Share">How many of a hundred tenants are on it.</param>
/// <param name="RunsPerDay">The median tenant's. With the spread, some use up their month in a day.</param>
internal sealed record Plan(string Id, double Share, double RunsPerDay)
{
    public static readonly Plan[] All = [new("free", 60, 8), new("pro", 30, 50), new("enterprise", 10, 250)];

    public static Plan Draw(RandomStream chance) => All[chance.Weighted(All[0].Share, All[1].Share, All[2].Share)];
}
