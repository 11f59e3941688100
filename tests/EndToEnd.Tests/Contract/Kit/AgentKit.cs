using System.Net;
using System.Text.Json.Nodes;

namespace Headgate.EndToEnd.Tests.Contract.Kit;

internal static class AgentKit
{
    public static async Task<Agent> RegisterAsync(
        HttpClient operatorClient, Func<string, HttpClient> newClient, string name, string? tenant, int maxConcurrentTasks, string? labels, string[] types)
    {
        var body = Profile(name, tenant, types.Length == 0 ? ["noop"] : types);
        if (labels is not null)
            body["labels"] = JsonNode.Parse(labels);
        var reply = await operatorClient.PostAsync("/agents", body);
        Assert.Equal(HttpStatusCode.Created, reply.Status);
        var agent = new Agent((string)reply.Body!["agentId"]!, newClient((string)reply.Body["key"]!));
        await operatorClient.CallAsync("PATCH", $"/agents/{agent.Id}/settings", $$"""{"maxConcurrentTasks":{{maxConcurrentTasks}}}""");
        return agent;
    }

    public static JsonObject Profile(string name, string? tenant, params string[] types)
    {
        var body = new JsonObject
        {
            ["name"] = name,
            ["os"] = "linux",
            ["arch"] = "x64",
            ["version"] = "1",
            ["capabilities"] = new JsonArray([.. types.Select(type => JsonValue.Create(type))]),
        };
        if (tenant is not null)
            body["tenantId"] = tenant;
        return body;
    }

    public static async Task<string> OutcomeAsync(this Agent agent, JsonNode task, string status = "success", string? message = null)
    {
        var reply = await agent.ReportAsync(task, status, message);
        Assert.Equal(HttpStatusCode.OK, reply.Status);
        return (string)reply.Body!["outcome"]!;
    }
}
