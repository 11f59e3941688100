using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Headgate.TestKit.Wire;

/// <summary>An answer with its JSON.</summary>
public sealed record Reply(HttpStatusCode Status, JsonNode? Body, HttpResponseMessage Message)
{
    public string? Code => (string?)Body?["code"];

    public string RunId => (string)Body!["runId"]!;
}

/// <summary>Calls as a client without any of our types would make them.</summary>
public static class Http
{
    public static Task<Reply> ReadAsync(this HttpClient client, string path) => client.SendAsync(HttpMethod.Get, path, null);

    public static Task<Reply> PostAsync(this HttpClient client, string path, JsonNode? body = null, string? idempotencyKey = null) =>
        client.SendAsync(HttpMethod.Post, path, body?.ToJsonString(), idempotencyKey);

    public static async Task<Reply> SendAsync(this HttpClient client, HttpMethod method, string path, string? body, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (idempotencyKey is not null)
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new Reply(response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text), response);
    }

    public static async Task CreateTenantAsync(this HttpClient client, string id, string plan = "pro", JsonNode? limits = null)
    {
        var reply = await client.PostAsync("/tenants", new JsonObject { ["id"] = id, ["name"] = id, ["plan"] = plan, ["limits"] = limits });
        Assert.Equal(HttpStatusCode.Created, reply.Status);
    }

    public static Task<Reply> SubmitAsync(this HttpClient client, string tenant, JsonNode? run = null, string? idempotencyKey = null) =>
        client.PostAsync($"/tenants/{tenant}/runs", run ?? Bodies.OneTask(), idempotencyKey);

    public static async Task<JsonNode> RunAsync(this HttpClient client, string tenant, string runId)
    {
        var reply = await client.ReadAsync($"/tenants/{tenant}/runs/{runId}");
        Assert.Equal(HttpStatusCode.OK, reply.Status);
        return reply.Body!;
    }

    public static async Task<int> InFlightAsync(this HttpClient client, string tenant) =>
        (int)(await client.ReadAsync($"/tenants/{tenant}")).Body!["inFlight"]!;

    /// <summary>Asks until the run is as wanted; what happens inside the service has no signal that reaches here.</summary>
    public static async Task<JsonNode> UntilAsync(this HttpClient client, string tenant, string runId, Func<JsonNode, bool> wanted)
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (true)
        {
            var run = await client.RunAsync(tenant, runId);
            if (wanted(run))
                return run;
            if (limit.IsCancellationRequested)
                throw new TimeoutException($"The run stayed {run}.");
            await pause.WaitForNextTickAsync();
        }
    }

    public static Task<JsonNode> EndAsync(this HttpClient client, string tenant, string runId) =>
        client.UntilAsync(tenant, runId, run => run["finishedAt"] is not null);

    public static bool TaskIs(this JsonNode run, string task, string status) =>
        run["tasks"]!.AsArray().Any(node => (string)node!["name"]! == task && (string)node["status"]! == status);
}
