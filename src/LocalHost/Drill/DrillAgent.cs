using System.Text.Json.Nodes;

namespace Headgate.LocalHost.Drill;

/// <summary>An agent that does as the drill says.</summary>
internal sealed class DrillAgent(string id, HttpClient client, DrillGround service) : IDisposable
{
    public const string Type = "noop";

    public string Id => id;

    public static async Task<DrillAgent> RegisterAsync(DrillGround service, string name, string tenant)
    {
        var body = new JsonObject { ["tenantId"] = tenant, ["name"] = name, ["os"] = "linux", ["arch"] = "x64", ["version"] = "1", ["capabilities"] = new JsonArray(Type) };
        var registered = await service.CallAsync("POST", "/agents", body);
        var agent = new DrillAgent((string)registered["agentId"]!, service.NewClient((string)registered["key"]!), service);
        await service.SendAsync("PATCH", $"/agents/{agent.Id}/settings", new JsonObject { ["maxConcurrentTasks"] = 50 });
        return agent;
    }

    public Task BeatAsync(string session = "drill-1") => service.SendAsync(
        client, "POST", $"/agents/{id}/heartbeat", new JsonObject { ["version"] = "1", ["os"] = "linux", ["uptimeSeconds"] = 1, ["disks"] = new JsonArray(), ["running"] = new JsonArray() }, session);

    /// <summary>Takes so many tasks, which must come.</summary>
    public async Task<IReadOnlyList<JsonNode>> ClaimAsync(int count)
    {
        var tasks = new List<JsonNode>();
        while (tasks.Count < count)
        {
            service.Skip(TimeSpan.Zero);
            var answer = await service.SendAsync(client, "POST", $"/agents/{id}/tasks/claim", new JsonObject { ["max"] = count - tasks.Count, ["waitSeconds"] = 0 }, "drill-1");
            tasks.AddRange(JsonNode.Parse(answer)!["tasks"]!.AsArray().Select(task => task!));
        }

        return tasks;
    }

    public Task FailAsync(JsonNode task, string category) => service.SendAsync(
        client,
        "POST",
        $"/agents/{id}/task-results",
        new JsonObject { ["taskId"] = (string)task["taskId"]!, ["attempt"] = (int)task["attempt"]!, ["status"] = "failure", ["errorCategory"] = category, ["durationSeconds"] = 1 },
        "drill-1");

    public void Dispose() => client.Dispose();
}
