using System.Text.Json.Nodes;

namespace Headgate.Fault.Tests.Actors.Walls;

/// <summary>Has a schedule that comes each minute. However the clock is set, no occurrence makes two runs, and none comes before its time.</summary>
internal sealed class ScheduledTenant(World world, ClockHands hands, Chance chance) : IActor
{
    private const string Path = "/tenants/scheduled";
    private const string Schedule = Path + "/schedules/each-minute";
    private readonly Dictionary<string, string> _fired = new(StringComparer.Ordinal);

    public static async Task<ScheduledTenant> CreateAsync(World world, ClockHands hands)
    {
        await world.WantAsync("POST", "/tenants", """{"id":"scheduled","name":"scheduled","plan":"enterprise"}""");
        var run = new JsonObject { ["name"] = "scheduled", ["tasks"] = new JsonArray(Bodies.Task("t0", "nobody-takes-it")) };
        await world.WantAsync("PUT", Schedule, new JsonObject { ["everySeconds"] = 60, ["run"] = run }.ToJsonString());
        return new ScheduledTenant(world, hands, world.Chance.Fork());
    }

    public async Task StepAsync()
    {
        if ((await world.Operator.GetAsync(Schedule))?.Body?["lastFire"] is not { } last || (string?)last["outcome"] != "admitted")
            return;
        var (at, runId) = ((string)last["at"]!, (string)last["runId"]!);
        world.Sightings.Holds(!_fired.TryGetValue(at, out var before) || before == runId, () => $"the occurrence of {at} made {_fired[at]}, and {runId} at {hands.Now:O}");
        world.Sightings.Holds(hands.HighestSince(0) >= DateTimeOffset.Parse(at), () => $"the occurrence of {at} was fired before its time");
        _fired[at] = runId;
        if (chance.OneIn(2))
            await world.Operator.SendAsync("POST", $"{Path}/runs/{runId}/cancel");
    }

    /// <summary>It comes no more, and what it made ends.</summary>
    public async Task EndAsync()
    {
        await world.Operator.SendAsync("DELETE", Schedule);
        foreach (var run in await world.Operator.ListAsync($"{Path}/runs") ?? [])
            await world.Operator.SendAsync("POST", $"{Path}/runs/{run["runId"]}/cancel");
    }
}
