using System.Text.Json.Nodes;
using Headgate.Fault.Tests.Wire;

namespace Headgate.Fault.Tests.Actors.Walls;

/// <summary>Submits until the month is used up. Whatever month the clock shows, and however often it comes back to it, it has as many runs as its limit allows.</summary>
internal sealed class MonthlyTenant(World world, Line line, int limit, Chance chance) : IActor
{
    private const string Path = "/tenants/monthly";
    private readonly Dictionary<string, int> _runs = new(StringComparer.Ordinal);
    private int _names;

    public static async Task<MonthlyTenant> CreateAsync(World world)
    {
        var limit = world.Chance.Between(2, 6);
        await world.WantAsync("POST", "/tenants", $$$"""{"id":"monthly","name":"monthly","plan":"enterprise","limits":{"maxConcurrentRuns":1000,"maxMonthlyRuns":{{{limit}}}}}""");
        return new MonthlyTenant(world, world.Operator, limit, world.Chance.Fork());
    }

    public async Task StepAsync()
    {
        var month = $"{world.Clock.GetUtcNow().UtcDateTime:yyyy-MM}";
        var before = _runs.GetValueOrDefault(month);
        if (chance.OneIn(2))
        {
            var body = new JsonObject { ["name"] = $"monthly-{++_names}", ["tasks"] = new JsonArray(Bodies.Task("t0", "nobody-takes-it")) };
            var reply = await line.SendAsync("POST", $"{Path}/runs", body);
            var wanted = before < limit ? (202, null) : (429, "monthly-limit");
            world.Sightings.Holds(reply is not null && ((int)reply.Status, reply.Code) == wanted, () => $"run {before + 1} of {limit} in {month} was answered {reply?.Body?.ToJsonString()}");
            if (reply?.Status == System.Net.HttpStatusCode.Accepted)
            {
                _runs[month] = before + 1;
                await line.SendAsync("POST", $"{Path}/runs/{reply.RunId}/cancel");
            }
        }

        var counted = (int?)(await line.GetAsync(Path))?.Body!["runsThisMonth"];
        world.Sightings.Holds(counted == _runs.GetValueOrDefault(month), () => $"{counted} runs are counted in {month}; it had {_runs.GetValueOrDefault(month)}");
    }
}
