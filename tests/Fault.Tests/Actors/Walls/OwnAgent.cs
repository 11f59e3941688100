using System.Text.Json.Nodes;
using Headgate.Fault.Tests.Wire;

namespace Headgate.Fault.Tests.Actors.Walls;

/// <summary>An agent of one tenant that takes one type, both of the same name, and does what it is told.</summary>
internal sealed class OwnAgent(World world, string id, Line line)
{
    private JsonNode? _held;

    public static async Task<OwnAgent> CreateAsync(World world, string name)
    {
        var (id, key) = await world.RegisterAsync(name, [name], name);
        return new OwnAgent(world, id, world.LineOf(key));
    }

    /// <summary>A task, if there is one to be had now.</summary>
    public async Task<JsonNode?> ClaimAsync()
    {
        var reply = await line.SendAsync("POST", $"/agents/{id}/tasks/claim", new JsonObject { ["max"] = 1, ["waitSeconds"] = 0 });
        return _held = (reply?.Body!["tasks"]!.AsArray())?.SingleOrDefault()?.DeepClone();
    }

    /// <summary>Lists what it holds.</summary>
    /// <returns>Whether that is its still.</returns>
    public async Task<bool> BeatAsync()
    {
        var running = _held is null ? new JsonArray() : [new JsonObject { ["taskId"] = (string)_held["taskId"]!, ["attempt"] = (int)_held["attempt"]! }];
        var reply = await line.SendAsync("POST", $"/agents/{id}/heartbeat", new JsonObject { ["version"] = "1", ["os"] = "linux", ["uptimeSeconds"] = 1, ["session"] = id, ["running"] = running });
        return reply?.Body!["lost"]!.AsArray() is not { Count: > 0 };
    }

    public async Task<Reply> ReportAsync(JsonNode task, string status)
    {
        var body = new JsonObject { ["taskId"] = (string)task["taskId"]!, ["attempt"] = (int)task["attempt"]!, ["status"] = status, ["durationSeconds"] = 0.01 };
        if (status == "failure")
            body["errorMessage"] = "connection refused";
        _held = null;
        var reply = await line.SendAsync("POST", $"/agents/{id}/task-results", body);
        world.Sightings.Holds(reply is not null, () => $"the result of {task["taskId"]} was not answered");
        return reply!;
    }
}
