using System.Net;
using System.Text.Json.Nodes;

namespace Headgate.Fault.Tests.Actors.Walls;

/// <summary>Submits under idempotency keys, and again: as long as the clock has never shown a day later, it is the same run.</summary>
internal sealed class Repeater(World world, ClockHands hands, Chance chance) : IActor
{
    private const string Path = "/tenants/repeat/runs";
    private const int Most = 6;
    private static readonly TimeSpan s_kept = TimeSpan.FromHours(24);
    private readonly List<KeyEntry> _keys = [];

    public static async Task<Repeater> CreateAsync(World world, ClockHands hands)
    {
        await world.WantAsync("POST", "/tenants", """{"id":"repeat","name":"repeat","plan":"enterprise","limits":{"maxConcurrentRuns":1000}}""");
        return new Repeater(world, hands, world.Chance.Fork());
    }

    public async Task StepAsync()
    {
        if (_keys.Count == 0 || (_keys.Count < Most && chance.OneIn(4)))
            _keys.Add(new KeyEntry($"key-{_keys.Count}"));
        var key = chance.Of(_keys);
        var body = new JsonObject { ["name"] = key.Name, ["tasks"] = new JsonArray(Bodies.Task("t0", "nobody-takes-it")) };
        var reply = await world.Operator.SendAsync("POST", Path, body, key.Name);
        if (!world.Sightings.Holds(reply?.Status == HttpStatusCode.Accepted, () => $"{key.Name} was answered {reply?.Body?.ToJsonString()}"))
            return;
        var mustRepeat = key.RunId is not null && hands.HighestSince(key.Visit) < key.At + s_kept;
        world.Sightings.Holds(!mustRepeat || reply!.RunId == key.RunId, () => $"at {hands.Now:O} {key.Name} of {key.At:O} made {reply!.RunId} after {key.RunId}");
        if (reply!.RunId == key.RunId)
            return;
        (key.RunId, key.At, key.Visit) = (reply.RunId, hands.Now, hands.Visit);
        await world.Operator.SendAsync("POST", $"{Path}/{reply.RunId}/cancel");
    }

    private sealed class KeyEntry(string name)
    {
        public string Name => name;

        public string? RunId { get; set; }

        public DateTimeOffset At { get; set; }

        public int Visit { get; set; }
    }
}
