using System.Net;
using System.Text.Json.Nodes;
using Headgate.Fault.Tests.Wire;
using Headgate.Fault.Tests.Witness;

namespace Headgate.Fault.Tests.Actors;

/// <summary>Tenants with small limits and agents, some shared, some of one tenant; and all that was seen of them.</summary>
internal sealed class World
{
    private const string Policy = "quick";
    private readonly Func<string?, HttpClient> _newClient;

    private World(Chance chance, Sightings sightings, Func<string?, HttpClient> newClient, string operatorKey, TimeProvider clock, SessionTerms terms)
    {
        (Chance, Sightings, Clock, Terms, _newClient) = (chance, sightings, clock, terms, newClient);
        Attempts = new AttemptBook(sightings, clock.GetUtcNow, () => IsSteady);
        Sessions = new SessionBook(sightings, Elapsed, terms);
        Runs = new RunBook(sightings);
        Operator = new Line(newClient(operatorKey), sightings);
    }

    public Chance Chance { get; }

    public Sightings Sightings { get; }

    /// <summary>The service's.</summary>
    public TimeProvider Clock { get; }

    public SessionTerms Terms { get; }

    public AttemptBook Attempts { get; }

    public SessionBook Sessions { get; }

    public RunBook Runs { get; }

    public Line Operator { get; }

    public List<Tenant> Tenants { get; } = [];

    public List<FaultyAgent> Agents { get; } = [];

    /// <summary>False once the clock on the wall was set.</summary>
    public bool IsSteady { get; set; } = true;

    /// <summary>Whether an idempotency key outlives the seed.</summary>
    public bool KeepsKeys { get; set; } = true;

    /// <summary>How long a claim is held open, in seconds.</summary>
    public int ClaimWait { get; init; }

    /// <summary>One task in so many takes its time, for which it needs a real agent; 0: none does.</summary>
    public int SlowOneIn { get; init; }

    /// <summary>Sets everything up while nothing fails yet.</summary>
    /// <param name="chance">Draws all of it.</param>
    /// <param name="sightings">Where broken invariants go.</param>
    /// <param name="newClient">Of who has this key.</param>
    /// <param name="operatorKey">The operator's.</param>
    /// <param name="clock">The service's.</param>
    /// <param name="terms">The service's.</param>
    /// <param name="claimWait">How long agents let their claims be held open, in seconds.</param>
    /// <param name="agents">At most so many, one less at least.</param>
    /// <param name="slowOneIn">See <see cref="SlowOneIn"/>.</param>
    public static async Task<World> CreateAsync(
        Chance chance, Sightings sightings, Func<string?, HttpClient> newClient, string operatorKey, TimeProvider clock, SessionTerms terms, int claimWait, int agents = 3, int slowOneIn = 0)
    {
        var world = new World(chance, sightings, newClient, operatorKey, clock, terms) { ClaimWait = claimWait, SlowOneIn = slowOneIn };
        for (var i = chance.Between(2, 3); i > 0; i--)
            world.Tenants.Add(await world.TenantAsync($"tenant-{i}", chance.Between(1, 6), i == 1 ? 0 : chance.Between(0, 4)));
        for (var i = agents == 0 ? 0 : chance.Between(agents - 1, agents); i > 0; i--)
            world.Agents.Add(await world.AgentAsync($"agent-{i}", i == 1 ? null : chance.Of(null, null, chance.Of(world.Tenants).Id)));
        return world;
    }

    /// <summary>For who has this key.</summary>
    public Line LineOf(string key) => new(_newClient(key), Sightings);

    /// <summary>Time that nobody sets.</summary>
    public TimeSpan Elapsed() => Clock.GetElapsedTime(0);

    /// <summary>A tenant with a limit and a key of its own.</summary>
    /// <param name="id">Its name too.</param>
    /// <param name="limit">How many of its runs may be in flight.</param>
    /// <param name="queue">How many more may wait for a slot.</param>
    public async Task<Tenant> TenantAsync(string id, int limit, int queue = 0)
    {
        await WantAsync("POST", "/tenants", $$$"""{"id":"{{{id}}}","name":"{{{id}}}","plan":"enterprise","limits":{"maxConcurrentRuns":{{{limit}}},"maxWaitingRuns":{{{queue}}}}}""");
        var key = (string)(await WantAsync("POST", $"/tenants/{id}/keys", """{"name":"admin","role":"admin"}"""))["key"]!;
        var policy = new RetryRange(Chance.Between(0, 4), Chance.Between(1, 8) * 0.05, 1, Chance.Of(0, 0.5, 1));
        await WantAsync("PUT", $"/tenants/{id}/policies/{Policy}", policy.Body);
        return new Tenant(id, limit, queue, Policy, policy, LineOf(key));
    }

    private async Task<FaultyAgent> AgentAsync(string name, string? tenant)
    {
        var ((id, key), slots) = (await RegisterAsync(name, ["noop"], tenant), Chance.Between(1, 6));
        await WantAsync("PATCH", $"/agents/{id}/settings", $$"""{"maxConcurrentTasks":{{slots}}}""");
        return new FaultyAgent(this, new AgentTraits(id, slots, tenant), LineOf(key), Chance.Fork());
    }

    /// <summary>Makes an agent known.</summary>
    public async Task<(string Id, string Key)> RegisterAsync(string name, string[] capabilities, string? tenant = null)
    {
        var body = new JsonObject { ["name"] = name, ["os"] = "linux", ["arch"] = "x64", ["version"] = "1", ["capabilities"] = new JsonArray([.. capabilities.Select(type => JsonValue.Create(type))]) };
        if (tenant is not null)
            body["tenantId"] = tenant;
        var agent = await WantAsync("POST", "/agents", body.ToJsonString());
        return ((string)agent["agentId"]!, (string)agent["key"]!);
    }

    /// <summary>For what is set up while nothing fails yet.</summary>
    public async Task<JsonNode> WantAsync(string method, string path, string body)
    {
        var reply = await Operator.SendAsync(method, path, JsonNode.Parse(body));
        return reply?.Status is HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.Accepted
            ? reply.Body!
            : throw new InvalidOperationException($"{method} {path} failed before any fault: {reply?.Body?.ToJsonString()}");
    }
}
