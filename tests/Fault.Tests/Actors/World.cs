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

    private World(Chance chance, Sightings sightings, Func<string?, HttpClient> newClient, string operatorKey, Func<DateTimeOffset> now)
    {
        (Chance, Sightings, _newClient) = (chance, sightings, newClient);
        Attempts = new AttemptBook(sightings, now, () => IsSteady);
        Runs = new RunBook(sightings);
        Operator = new Line(newClient(operatorKey), sightings);
    }

    public Chance Chance { get; }

    public Sightings Sightings { get; }

    public AttemptBook Attempts { get; }

    public RunBook Runs { get; }

    public Line Operator { get; }

    public List<Tenant> Tenants { get; } = [];

    public List<FaultyAgent> Agents { get; } = [];

    /// <summary>False once the clock on the wall was set.</summary>
    public bool IsSteady { get; set; } = true;

    /// <summary>How long a claim is held open, in seconds.</summary>
    public int ClaimWait { get; init; }

    /// <summary>Sets everything up while nothing fails yet.</summary>
    /// <param name="claimWait">How long agents let their claims be held open, in seconds.</param>
    public static async Task<World> CreateAsync(
        Chance chance, Sightings sightings, Func<string?, HttpClient> newClient, string operatorKey, Func<DateTimeOffset> now, int claimWait)
    {
        var world = new World(chance, sightings, newClient, operatorKey, now) { ClaimWait = claimWait };
        for (var i = chance.Between(2, 3); i > 0; i--)
            world.Tenants.Add(await world.TenantAsync($"tenant-{i}", chance.Between(1, 6)));
        for (var i = chance.Between(2, 3); i > 0; i--)
            world.Agents.Add(await world.AgentAsync($"agent-{i}", i == 1 ? null : chance.Of(null, null, chance.Of(world.Tenants).Id)));
        return world;
    }

    /// <summary>A tenant with a limit and a key of its own.</summary>
    public async Task<Tenant> TenantAsync(string id, int limit)
    {
        await WantAsync("POST", "/tenants", $$$"""{"id":"{{{id}}}","name":"{{{id}}}","plan":"enterprise","limits":{"maxConcurrentRuns":{{{limit}}}}}""");
        var key = (string)(await WantAsync("POST", $"/tenants/{id}/keys", """{"name":"admin","role":"admin"}"""))["key"]!;
        var policy = new RetryRange(Chance.Between(0, 4), Chance.Between(1, 8) * 0.05, 1, Chance.Of(0, 0.5, 1));
        await WantAsync("PUT", $"/tenants/{id}/policies/{Policy}", policy.Body);
        return new Tenant(id, limit, Policy, policy, new Line(_newClient(key), Sightings));
    }

    private async Task<FaultyAgent> AgentAsync(string name, string? tenant)
    {
        var body = JsonNode.Parse($$"""{"name":"{{name}}","os":"linux","arch":"x64","version":"1","capabilities":["noop"]}""")!;
        if (tenant is not null)
            body["tenantId"] = tenant;
        var agent = await WantAsync("POST", "/agents", body.ToJsonString());
        var (id, slots) = ((string)agent["agentId"]!, Chance.Between(1, 6));
        await WantAsync("PATCH", $"/agents/{id}/settings", $$"""{"maxConcurrentTasks":{{slots}}}""");
        return new FaultyAgent(this, id, slots, tenant, new Line(_newClient((string)agent["key"]!), Sightings), Chance.Fork());
    }

    private async Task<JsonNode> WantAsync(string method, string path, string body)
    {
        var reply = await Operator.SendAsync(method, path, JsonNode.Parse(body));
        return reply?.Status is HttpStatusCode.OK or HttpStatusCode.Created
            ? reply.Body!
            : throw new InvalidOperationException($"{method} {path} failed before any fault: {reply?.Body?.ToJsonString()}");
    }
}
