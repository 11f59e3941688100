using Headgate.Fault.Tests.Actors;
using Headgate.Fault.Tests.Actors.Walls;
using Headgate.Fault.Tests.Witness;
using Headgate.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Headgate.Fault.Tests.InProcess;

/// <summary>
/// Nothing fails but the clock on the wall, which is set by an hour, a day and over the end of a month, back and forth. What people have named a
/// time for follows it; what only waits is not kept waiting by it; and no month that was used up opens again.
/// </summary>
internal static class ClockSeed
{
    public const string Kind = "clocks";

    /// <summary>Runs are kept for longer, dead letters for less.</summary>
    private static readonly TimeSpan s_furthest = TimeSpan.FromDays(4);

    private static readonly SessionTerms s_terms = new(TimeSpan.FromSeconds(60), RefusalsToFollow: 3);

    private static readonly Dictionary<string, string?> s_settings = new(StringComparer.Ordinal)
    {
        ["Headgate:Leases:Seconds"] = "60",
        ["Headgate:Repair:PatienceSeconds"] = "5",
        ["Headgate:Retention:RunDays"] = "30",
        ["Headgate:Retention:DeadLetterDays"] = "30",
        ["LeaseSweep"] = "*/5 * * * * *",
    };

    /// <exception cref="BrokenInvariantException">With everything that was seen.</exception>
    public static async Task<Sightings> RunAsync(int seed)
    {
        var chance = new Chance(seed);
        var (sightings, clock) = (new Sightings(), new WallClock());
        var hands = new ClockHands(clock, s_furthest, chance.Fork());
        await using (var service = await LocalService.StartAsync(clock, s_settings, services => services.RemoveAll<ILoggerProvider>()))
        {
            var world = await World.CreateAsync(chance, sightings, service.NewClient, service.Server.OperatorKey.Text, clock, s_terms, claimWait: 0);
            (world.IsSteady, world.KeepsKeys) = (false, false);
            await new ClockStage(world, hands, clock.Ticking).PlayAsync();
        }

        return sightings.BrokenInvariants.Count == 0 ? sightings : throw new BrokenInvariantException(Kind, seed, sightings);
    }
}
