using Headgate.Fault.Tests.Actors;
using Headgate.Fault.Tests.Wire;
using Headgate.Fault.Tests.Witness;
using Headgate.Functions.Options;
using Headgate.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Headgate.Fault.Tests.InProcess;

/// <summary>
/// Maintenance by processes that share the tables, take turns and die, as where timers scale on their own: a leaked slot comes back and is
/// reported, a stuck orchestration is reported, and neither is ever reported that is not.
/// </summary>
internal static class RoundSeed
{
    public const string Kind = "rounds";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>Heartbeats are asked for each 10 s.</summary>
    private static readonly SessionTerms s_terms = new(TimeSpan.FromSeconds(20), RefusalsToFollow: 2);

    private static readonly Dictionary<string, string?> s_settings = new(StringComparer.Ordinal)
    {
        ["Headgate:Leases:Seconds"] = "20",
        ["Headgate:Repair:PatienceSeconds"] = "5",
        // The service's own timers do not come due.
        ["Maintenance"] = "0 0 0 29 2 *",
        ["LeaseSweep"] = "0 0 0 29 2 *",
        ["ScheduleSweep"] = "0 0 0 29 2 *",
    };

    /// <exception cref="BrokenInvariantException">With everything that was seen.</exception>
    public static async Task<Sightings> RunAsync(int seed)
    {
        var chance = new Chance(seed);
        var (sightings, clock) = (new Sightings(), new WallClock());
        var isSound = chance.OneIn(2);
        var faults = isSound ? new StoreFaults(false, false, IsSlow: chance.OneIn(2), false, false) : StoreFaults.Of(chance);
        sightings.Note($"{faults}");
        var tables = new FaultyTables(chance.Fork(), faults);
        await using (var service = await LocalService.StartAsync(clock, s_settings, services =>
        {
            services.RemoveAll<ILoggerProvider>();
            tables.Replace(services);
            services.AddSingleton(Arrangement.SharedAll);
        }))
        {
            await using var proxy = chance.OneIn(3) ? await AnsweringProxy.StartAsync(service.NewClient(null), sightings, chance.Fork()) : null;
            var world = await World.CreateAsync(chance, sightings, proxy is null ? service.NewClient : proxy.NewClient, service.Server.OperatorKey.Text, clock, s_terms, claimWait: 0);
            using var rounds = new Rounds(service.Server.Services, service.Server.Storage.Tables, tables, world, chance.Fork());
            await new RoundStage(world, new Cast(world), tables, proxy, clock.Ticking, rounds, s_patience, isSound).PlayAsync();
        }

        return sightings.BrokenInvariants.Count == 0 ? sightings : throw new BrokenInvariantException(Kind, seed, sightings);
    }
}
