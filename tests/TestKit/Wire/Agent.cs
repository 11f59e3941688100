using System.Net;
using System.Text.Json.Nodes;

namespace Headgate.TestKit.Wire;

/// <summary>An agent in the test's own hands: it does exactly what it is told, lies included.</summary>
public sealed class Agent(string id, HttpClient client)
{
    public string Id => id;

    public HttpClient Client => client;

    /// <summary>Registers a shared agent.</summary>
    public static async Task<Agent> RegisterAsync(HttpClient operatorClient, Func<string, HttpClient> newClient, string name, int maxConcurrentTasks = 50, string? tenant = null)
    {
        var body = new JsonObject { ["name"] = name, ["os"] = "linux", ["arch"] = "x64", ["version"] = "1", ["capabilities"] = new JsonArray("noop") };
        if (tenant is not null)
            body["tenantId"] = tenant;
        var reply = await operatorClient.PostAsync("/agents", body);
        Assert.Equal(HttpStatusCode.Created, reply.Status);
        var id = (string)reply.Body!["agentId"]!;
        var settings = await operatorClient.CallAsync("PATCH", $"/agents/{id}/settings", $$"""{"maxConcurrentTasks":{{maxConcurrentTasks}}}""");
        Assert.Equal(HttpStatusCode.OK, settings.Status);
        return new Agent(id, newClient((string)reply.Body["key"]!));
    }

    public async Task<JsonArray> ClaimAsync(int max = 50, int waitSeconds = 0)
    {
        var reply = await client.PostAsync($"/agents/{id}/tasks/claim", new JsonObject { ["max"] = max, ["waitSeconds"] = waitSeconds });
        Assert.Equal(HttpStatusCode.OK, reply.Status);
        return reply.Body!["tasks"]!.AsArray();
    }

    /// <summary>Claims one task, waiting for it.</summary>
    public async Task<JsonNode> ClaimOneAsync() => Assert.Single(await ClaimSomeAsync(1))!;

    /// <summary>Claims until there is a task.</summary>
    /// <returns>At most so many, and one at least.</returns>
    public async Task<JsonArray> ClaimSomeAsync(int max)
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        while (true)
        {
            var tasks = await ClaimAsync(max, 20);
            if (tasks.Count > 0)
                return tasks;
            Assert.False(limit.IsCancellationRequested, $"There was no task for {id}.");
        }
    }

    public Task<Reply> ReportAsync(JsonNode task, string status = "success", string? message = null, int? attempt = null) =>
        client.PostAsync($"/agents/{id}/task-results", Result(task, status, message, attempt));

    public static JsonObject Result(JsonNode task, string status = "success", string? message = null, int? attempt = null)
    {
        var body = new JsonObject
        {
            ["taskId"] = (string)task["taskId"]!,
            ["attempt"] = attempt ?? (int)task["attempt"]!,
            ["status"] = status,
            ["durationSeconds"] = 0.01,
        };
        if (message is not null)
            body["errorMessage"] = message;
        return body;
    }

    public Task<Reply> BeatAsync(string session = "s1", params JsonNode[] running) => client.PostAsync($"/agents/{id}/heartbeat", new JsonObject
    {
        ["version"] = "1",
        ["os"] = "linux",
        ["uptimeSeconds"] = 1,
        ["session"] = session,
        ["running"] = new JsonArray([.. running.Select(task => new JsonObject { ["taskId"] = (string)task["taskId"]!, ["attempt"] = (int)task["attempt"]! })]),
    });
}
