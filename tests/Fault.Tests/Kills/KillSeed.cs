using Headgate.Fault.Tests.Actors;
using Headgate.Fault.Tests.Wire;
using Headgate.Fault.Tests.Witness;
using Headgate.Storage.Log;
using Headgate.TestKit;

namespace Headgate.Fault.Tests.Kills;

/// <summary>
/// The service as a process of its own, killed at random points under load, sometimes again while it starts, and every other time behind a proxy
/// that answers in its place, until the kills stop and everything must come to its end.
/// </summary>
internal static class KillSeed
{
    public const string Kind = "kills";

    /// <summary>Of a lease of 5 s, with heartbeats each second.</summary>
    private static readonly SessionTerms s_terms = new(TimeSpan.FromSeconds(5), RefusalsToFollow: 3);

    private static readonly Dictionary<string, string> s_settings = new(StringComparer.Ordinal)
    {
        ["Headgate__Leases__Seconds"] = "5",
        ["Headgate__Heartbeat__Seconds"] = "1",
        ["Headgate__Repair__PatienceSeconds"] = "1",
        ["Maintenance"] = "* * * * * *",
    };

    /// <exception cref="BrokenInvariantException">With everything that was seen.</exception>
    public static async Task<Sightings> RunAsync(int seed)
    {
        var (chance, sightings) = (new Chance(seed), new Sightings());
        using var folder = new TempFolder();
        await using var service = new CrashingService(folder.Path, s_settings);
        await service.StartAsync();
        var key = (await File.ReadAllTextAsync(folder["operator.key"])).Trim();
        await using var proxy = chance.OneIn(2) ? await AnsweringProxy.StartAsync(service.NewClient(null), sightings, chance.Fork()) : null;
        var world = await World.CreateAsync(chance, sightings, proxy is null ? service.NewClient : proxy.NewClient, key, TimeProvider.System, s_terms, claimWait: 1);
        var cast = new Cast(world, await world.TenantAsync("bulk", limit: 1000));
        proxy?.OneIn = chance.Of(3, 8, 20);
        for (var kill = chance.Between(1, 6); kill > 0 && sightings.BrokenInvariants.Count == 0; kill--)
        {
            await KillUnderLoadAsync(cast, service, sightings, chance);
            sightings.Killed(KilledJournal.Read(folder.Path));
            while (chance.OneIn(3))
                await service.KillWhileStartingAsync(TimeSpan.FromMilliseconds(chance.Between(50, 900)));
            await service.StartAsync();
        }

        await using (Act(cast, service, sightings, out var ended))
            await Task.WhenAny(service.AnswersAsync(chance.Between(20, 100)), ended);
        proxy?.OneIn = 0;
        await cast.SettleAsync(wait: 1, oneAgentIsGone: chance.OneIn(8), between: () => Task.FromResult(true));
        return sightings.BrokenInvariants.Count == 0 ? sightings : throw new BrokenInvariantException(Kind, seed, sightings);
    }

    /// <summary>Anywhere; every other time while so much is brought from the journal into the tables that it takes many steps.</summary>
    private static async Task KillUnderLoadAsync(Cast cast, CrashingService service, Sightings sightings, Chance chance)
    {
        await using (Act(cast, service, sightings, out var ended))
        {
            await Task.WhenAny(service.AnswersAsync(chance.Between(50, 800)), ended);
            var more = Task.CompletedTask;
            if (chance.OneIn(2))
            {
                await cast.Bulk!.BurstAsync();
                more = cast.Bulk.BurstAsync();
            }

            await PassAsync(chance.Between(1, (int)WriteLog.MergeDelay.TotalMilliseconds));
            await service.KillAsync();
            await more;
        }
    }

    /// <summary>Everybody acts until the result is disposed; what is under way then ends.</summary>
    private static Acting Act(Cast cast, CrashingService service, Sightings sightings, out Task ended)
    {
        var calm = new CancellationTokenSource();
        ended = Task.WhenAll(cast.Actors.Select(async actor =>
        {
            while (!calm.IsCancellationRequested && sightings.BrokenInvariants.Count == 0)
                await actor.StepAsync();
        }));
        return new Acting(calm, ended);
    }

    // Not a wait for anything: where a kill falls is the fault itself.
    private static async Task PassAsync(int milliseconds)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(milliseconds));
        await timer.WaitForNextTickAsync();
    }

    private sealed class Acting(CancellationTokenSource calm, Task ended) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await calm.CancelAsync();
            await ended;
            calm.Dispose();
        }
    }
}
