using Headgate.Fault.Tests.Actors;
using Headgate.Fault.Tests.Actors.Walls;
using Headgate.Fault.Tests.Wire;
using Headgate.Fault.Tests.Witness;
using Headgate.Functions.Options;
using Headgate.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Headgate.Fault.Tests.InProcess;

/// <summary>
/// The service in this process, on a clock that is moved by hand and may be set, over a store that fails, and at times behind a proxy that
/// answers in its place. Tenants, agents and operators take their steps side by side; then the faults stop, and everything must come to its end.
/// </summary>
internal static class StoreSeed
{
    public const string Kind = "stores";

    /// <summary>More than any wait of the service: a cancelled run's grace, a task's lease, the pauses of its retries, and a clock set back.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(40);

    /// <summary>How far a clock is set: idempotency keys, which are kept for a week, and runs must outlive it.</summary>
    private static readonly TimeSpan s_furthest = TimeSpan.FromDays(3);

    /// <summary>Heartbeats are asked for each 10 s.</summary>
    private static readonly SessionTerms s_terms = new(TimeSpan.FromSeconds(20), RefusalsToFollow: 2);

    private static readonly Dictionary<string, string?> s_settings = new(StringComparer.Ordinal)
    {
        ["Headgate:Leases:Seconds"] = "20",
        ["Headgate:Repair:PatienceSeconds"] = "5",
        ["Headgate:Admission:IdempotencyHours"] = "168",
    };

    /// <exception cref="BrokenInvariantException">With everything that was seen.</exception>
    public static async Task<Sightings> RunAsync(int seed)
    {
        var chance = new Chance(seed);
        var (sightings, clock) = (new Sightings(), new WallClock());
        var faults = StoreFaults.Of(chance);
        var (setsClock, sharesTables, hasProxy) = (chance.OneIn(3), chance.OneIn(3), chance.OneIn(3));
        var hands = setsClock ? new ClockHands(clock, s_furthest, chance.Fork()) : null;
        sightings.Note($"{faults}, sets the clock: {setsClock}, as if tables were shared: {sharesTables}, behind a proxy: {hasProxy}");
        var tables = new FaultyTables(chance.Fork(), faults);
        await using (var service = await LocalService.StartAsync(clock, s_settings, services =>
        {
            services.RemoveAll<ILoggerProvider>();
            tables.Replace(services);
            if (sharesTables)
                services.AddSingleton(Arrangement.SharedAll);
        }))
        {
            await using var proxy = hasProxy ? await AnsweringProxy.StartAsync(service.NewClient(null), sightings, chance.Fork()) : null;
            var world = await World.CreateAsync(chance, sightings, proxy is null ? service.NewClient : proxy.NewClient, service.Server.OperatorKey.Text, clock, s_terms, claimWait: 0);
            var cast = new Cast(world);
            await DisturbAsync(world, cast, tables, clock.Ticking, hands, proxy);
            tables.OneIn = 0;
            proxy?.OneIn = 0;
            await tables.DeliverLateAsync();
            var due = clock.Ticking.GetUtcNow() + s_longest;
            await cast.SettleAsync(wait: 0, oneAgentIsGone: chance.OneIn(2), between: () =>
            {
                clock.Ticking.Advance(TimeSpan.FromSeconds(1));
                return Task.FromResult(clock.Ticking.GetUtcNow() < due);
            });
        }

        return sightings.BrokenInvariants.Count == 0 ? sightings : throw new BrokenInvariantException(Kind, seed, sightings);
    }

    private static async Task DisturbAsync(World world, Cast cast, FaultyTables tables, ManualClock clock, ClockHands? hands, AnsweringProxy? proxy)
    {
        for (var step = world.Chance.Between(30, 70); step > 0 && world.Sightings.BrokenInvariants.Count == 0; step--)
        {
            if (world.Chance.OneIn(8))
                tables.OneIn = world.Chance.Of(0, 3, 8, 20, 60);
            if (world.Chance.OneIn(10))
                await tables.DeliverLateAsync();
            if (proxy is not null && world.Chance.OneIn(8))
                proxy.OneIn = world.Chance.Of(0, 3, 8, 20);
            if (hands is not null && world.Chance.OneIn(12))
            {
                world.IsSteady = false;
                world.Sightings.Note($"the clock is set to {hands.Set():O}");
            }

            clock.Advance(TimeSpan.FromMilliseconds(world.Chance.OneIn(12) ? world.Chance.Between(5_000, 45_000) : world.Chance.Between(0, 700)));
            await Task.WhenAll(world.Chance.Shuffled(cast.Actors).Take(world.Chance.Between(1, cast.Actors.Count)).Select(actor => actor.StepAsync()));
        }
    }
}
