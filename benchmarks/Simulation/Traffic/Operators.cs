using Headgate.Simulation.Clockwork;
using Headgate.Simulation.Observed;
using Headgate.Simulation.Wire;

namespace Headgate.Simulation.Traffic;

/// <summary>The people in charge: now and then they pause a tenant, with or without an end, and suspend one.</summary>
internal sealed class Operators(IReadOnlyList<Tenant> tenants, string key, Api api, Observations seen, TimeProvider clock, SimulationOptions options)
{
    /// <summary>How often a tenant's turn comes, on average.</summary>
    private static readonly TimeSpan BetweenMoves = TimeSpan.FromDays(8);

    private readonly RandomStream _chance = new(options.Seed, "operators");
    private readonly HashSet<string> _stopped = new(StringComparer.Ordinal);

    public async Task RunAsync(DateTimeOffset until)
    {
        while (true)
        {
            await Task.Delay(_chance.Gap(BetweenMoves / (tenants.Count * options.Trouble)), clock);
            if (clock.GetUtcNow() >= until)
                return;
            var tenant = tenants[_chance.Between(0, tenants.Count - 1)];
            var length = TimeSpan.FromMinutes(_chance.Between(5, 30));
            var way = _chance.Weighted(40, 40, 20);
            if (!_stopped.Add(tenant.Id))
                continue;
            seen.Follow(way switch
            {
                0 => PauseAsync(tenant, length, endKnown: true),
                1 => PauseAsync(tenant, length, endKnown: false),
                _ => SuspendAsync(tenant, length),
            });
        }
    }

    private async Task PauseAsync(Tenant tenant, TimeSpan length, bool endKnown)
    {
        var end = clock.GetUtcNow() + length;
        (await api.PostAsync($"/tenants/{tenant.Id}/pause", key, new("incident", endKnown ? end : null), SimulationJson.Default.PauseBody)).Expect(200);
        seen.Stopped(tenant, end);
        await Task.Delay(length, clock);
        if (!endKnown)
            (await api.SendAsync("POST", $"/tenants/{tenant.Id}/resume", key, [])).Expect(200);
        _stopped.Remove(tenant.Id);
    }

    private async Task SuspendAsync(Tenant tenant, TimeSpan length)
    {
        var end = clock.GetUtcNow() + length;
        (await api.PostAsync($"/tenants/{tenant.Id}/suspend", key, new("invoice"), SimulationJson.Default.ReasonBody)).Expect(200);
        seen.Stopped(tenant, end);
        await Task.Delay(length, clock);
        (await api.PostAsync($"/tenants/{tenant.Id}/activate", key, new("invoice"), SimulationJson.Default.ReasonBody)).Expect(200);
        _stopped.Remove(tenant.Id);
    }
}
