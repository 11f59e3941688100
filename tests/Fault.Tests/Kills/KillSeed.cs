using Headgate.Fault.Tests.Actors;
using Headgate.Fault.Tests.Witness;
using Headgate.TestKit;

namespace Headgate.Fault.Tests.Kills;

/// <summary>
/// The service as a process of its own, killed at random points under load, sometimes again while it starts, until the kills stop and
/// everything must come to its end.
/// </summary>
internal static class KillSeed
{
    public const string Kind = "kills";

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
        var world = await World.CreateAsync(chance, sightings, service.NewClient, key, () => TimeProvider.System.GetUtcNow(), claimWait: 1);
        var cast = new Cast(world, bulk: true);
        using var calm = new CancellationTokenSource();
        var acting = Task.WhenAll(cast.Actors.Select(actor => ActAsync(actor, service, sightings, calm.Token)));
        for (var kill = chance.Between(1, 3); kill > 0 && sightings.BrokenInvariants.Count == 0; kill--)
        {
            await Task.WhenAny(service.AnswersAsync(chance.Between(50, 1500)), acting);
            await PauseAsync(chance.Between(1, 60));
            await service.KillAsync();
            sightings.Killed(KilledJournal.Read(folder.Path));
            while (chance.OneIn(3))
                await service.KillWhileStartingAsync(TimeSpan.FromMilliseconds(chance.Between(50, 900)));
            await service.StartAsync();
        }

        await Task.WhenAny(service.AnswersAsync(chance.Between(20, 100)), acting);
        await calm.CancelAsync();
        await acting;
        await cast.SettleAsync(wait: 1, oneAgentIsGone: chance.OneIn(8), between: () => true);
        return sightings.BrokenInvariants.Count == 0 ? sightings : throw new BrokenInvariantException(Kind, seed, sightings);
    }

    private static async Task ActAsync(IActor actor, CrashingService service, Sightings sightings, CancellationToken calm)
    {
        while (!calm.IsCancellationRequested && sightings.BrokenInvariants.Count == 0)
        {
            await service.IsUpAsync();
            await actor.StepAsync();
        }
    }

    // A kill falls anywhere between two answers.
    private static async Task PauseAsync(int milliseconds)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(milliseconds));
        await pause.WaitForNextTickAsync();
    }
}
