using Headgate.Contracts;
using Headgate.Contracts.Agents;
using Headgate.Simulation.Agents;
using Headgate.Simulation.Clockwork;
using Headgate.Simulation.Observed;
using Headgate.Simulation.Traffic;
using Headgate.Simulation.Wire;

namespace Headgate.Simulation;

/// <summary>Everybody around the service: tenants with their programs, agents, operators. Made through the service's own HTTP calls.</summary>
internal sealed class World(Api api, string operatorKey, Observations seen, TimeProvider clock, SimulationOptions options) : IDisposable
{
    private readonly CancellationTokenSource _leave = new();
    private readonly List<Tenant> _tenants = [];
    private readonly List<SimulatedAgent> _agents = [];

    public IReadOnlyList<Tenant> Tenants => _tenants;

    /// <summary>Registers all, then lets them begin.</summary>
    /// <param name="until">When nobody submits any more.</param>
    public async Task BeginAsync(DateTimeOffset until)
    {
        for (var number = 1; number <= options.Tenants; number++)
            _tenants.Add(await CreateAsync(Tenant.Draw(number, new(options.Seed, $"tenant {number}"))));
        for (var number = 1; number <= options.Agents; number++)
            _agents.Add(await RegisterAsync($"agent-{number:000}"));
        foreach (var agent in _agents)
            seen.Follow(agent.RunAsync(_leave.Token));
        foreach (var tenant in _tenants)
            seen.Follow(new Caller(tenant, api, seen, clock, options.Seed).RunAsync(until));
        seen.Follow(new Operators(_tenants, operatorKey, api, seen, clock, options).RunAsync(until));
    }

    /// <summary>The agents go.</summary>
    public void End() => _leave.Cancel();

    public void Dispose() => _leave.Dispose();

    /// <summary>Compares each tenant's ledger with what was seen of its runs.</summary>
    /// <returns>The cap of each plan, and how many dead letters there are.</returns>
    public async Task<(IReadOnlyDictionary<string, int> Caps, long DeadLetters)> CloseAsync()
    {
        var caps = new Dictionary<string, int>(StringComparer.Ordinal);
        var letters = 0L;
        var live = seen.Live.Values.CountBy(tenant => tenant.Id).ToDictionary(StringComparer.Ordinal);
        foreach (var tenant in _tenants)
        {
            var view = (await api.GetAsync($"/tenants/{tenant.Id}", operatorKey)).Expect(200).Read(ContractJson.Default.TenantView);
            caps[tenant.Plan.Id] = view.Limits.MaxConcurrentRuns;
            var still = live.GetValueOrDefault(tenant.Id);
            seen.Checks.Demand("at the end each ledger counts what is in flight", view.InFlight == still, () => $"{tenant.Id}: {view.InFlight}, not {still}");
            var dead = await DeadLettersAsync(tenant);
            var expected = seen.Runs.DeadByTenant[tenant.Id];
            if (still == 0)
                seen.Checks.Demand("each task that failed or was exhausted is a dead letter", dead == expected, () => $"{tenant.Id}: {dead}, not {expected}");
            letters += dead;
        }

        return (caps, letters);
    }

    private async Task<Tenant> CreateAsync(Tenant tenant)
    {
        (await api.PostAsync("/tenants", operatorKey, new(tenant.Id, tenant.Id, tenant.Plan.Id), ContractJson.Default.CreateTenantRequest)).Expect(201);
        var key = (await api.PostAsync($"/tenants/{tenant.Id}/keys", operatorKey, new("simulation", "developer"), ContractJson.Default.CreateKeyRequest))
            .Expect(201).Read(ContractJson.Default.KeyCreated).Key;
        return tenant with { Key = key };
    }

    private async Task<SimulatedAgent> RegisterAsync(string name)
    {
        var request = new RegisterAgentRequest(name, "linux", "x64", "1.0.0", Capabilities: [.. TaskKind.All.Select(kind => kind.Type)]);
        var agent = (await api.PostAsync("/agents", operatorKey, request, ContractJson.Default.RegisterAgentRequest)).Expect(201).Read(ContractJson.Default.AgentRegistered);
        var settings = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new(SimulatedAgent.Slots), SimulationJson.Default.SlotSettings);
        (await api.SendAsync("PATCH", $"/agents/{agent.AgentId}/settings", operatorKey, settings)).Expect(200);
        return new(agent.AgentId, agent.Key!, api, seen, clock, options);
    }

    private async Task<long> DeadLettersAsync(Tenant tenant)
    {
        var count = 0L;
        string? after = null;
        do
        {
            var page = (await api.GetAsync($"/tenants/{tenant.Id}/dead-letters?limit=100{(after is null ? "" : $"&after={Uri.EscapeDataString(after)}")}", tenant.Key))
                .Expect(200).Read(ContractJson.Default.PageDeadLetterView);
            count += page.Items.Count;
            after = page.Next;
        }
        while (after is not null);
        return count;
    }
}
