using System.Net;
using System.Text.Json.Nodes;
using Headgate.Fault.Tests.Wire;

namespace Headgate.Fault.Tests.Actors.Walls;

/// <summary>Keys that end at a time: while the clock shows less they open the door, and then they do not.</summary>
internal sealed class ExpiringKeys(World world, ClockHands hands, Chance chance) : IActor
{
    private const int Most = 5;
    private readonly List<(Line Line, DateTimeOffset Until)> _keys = [];

    public static async Task<ExpiringKeys> CreateAsync(World world, ClockHands hands)
    {
        await world.WantAsync("POST", "/tenants", """{"id":"keys","name":"keys","plan":"enterprise"}""");
        return new ExpiringKeys(world, hands, world.Chance.Fork());
    }

    public async Task StepAsync()
    {
        if (_keys.Count == 0 || (_keys.Count < Most && chance.OneIn(4)))
            await MakeAsync();
        var (line, until) = chance.Of(_keys);
        var reply = await line.GetAsync("/tenants/keys");
        var wanted = hands.Now < until ? HttpStatusCode.OK : HttpStatusCode.Unauthorized;
        world.Sightings.Holds(reply?.Status == wanted, () => $"at {hands.Now:O} a key that ends at {until:O} was answered {reply?.Body?.ToJsonString()}");
    }

    private async Task MakeAsync()
    {
        var until = hands.Now + TimeSpan.FromSeconds(chance.Of(60, 3600, 86_400, 2 * 86_400));
        var key = await world.WantAsync("POST", "/tenants/keys/keys", new JsonObject { ["name"] = "k", ["role"] = "viewer", ["expiresAt"] = $"{until:yyyy-MM-ddTHH:mm:ss.fffZ}" }.ToJsonString());
        _keys.Add((world.LineOf((string)key["key"]!), (DateTimeOffset)key["expiresAt"]!));
    }
}
