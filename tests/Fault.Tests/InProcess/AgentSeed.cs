using Headgate.Fault.Tests.Actors;
using Headgate.Fault.Tests.Wire;
using Headgate.Fault.Tests.Witness;
using Headgate.TestKit;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Headgate.Fault.Tests.InProcess;

/// <summary>
/// The project's own agents at work behind a proxy that answers in the service's place, on a clock that is moved by hand. Identities are copied
/// while they are in use; in the rough half of all seeds agents are killed, stopped and followed, and the service is out of reach for long.
/// </summary>
internal static class AgentSeed
{
    public const string Kind = "agents";

    private static readonly TimeSpan s_lease = TimeSpan.FromSeconds(30);

    private static readonly Dictionary<string, string?> s_settings = new(StringComparer.Ordinal)
    {
        ["Headgate:Leases:Seconds"] = "30",
        ["Headgate:Repair:PatienceSeconds"] = "5",
    };

    /// <exception cref="BrokenInvariantException">With everything that was seen.</exception>
    public static async Task<Sightings> RunAsync(int seed)
    {
        var chance = new Chance(seed);
        var (sightings, clock) = (new Sightings(), new WallClock());
        using var folder = new TempFolder();
        await using (var service = await LocalService.StartAsync(clock, s_settings, services => services.RemoveAll<ILoggerProvider>()))
        {
            await using var proxy = await AnsweringProxy.StartAsync(service.NewClient(null), sightings, chance.Fork());
            var world = await World.CreateAsync(chance, sightings, proxy.NewClient, service.Server.OperatorKey.Text, clock, new SessionTerms(s_lease, RefusalsToFollow: 2), claimWait: 0, agents: 0, slowOneIn: 8);
            var agents = new List<RealAgent>();
            for (var number = chance.Between(1, 2); number > 0; number--)
            {
                var (id, key) = await world.RegisterAsync($"real-{number}", ["noop", "command"]);
                agents.Add(new RealAgent(id, key, folder.Path, proxy, clock.Ticking, chance.Fork()));
            }

            await new AgentStage(world, agents, proxy, clock.Ticking, isGentle: chance.OneIn(2)).PlayAsync();
        }

        return sightings.BrokenInvariants.Count == 0 ? sightings : throw new BrokenInvariantException(Kind, seed, sightings);
    }
}
