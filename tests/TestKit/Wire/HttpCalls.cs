using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Headgate.TestKit.Wire;

/// <summary>An answer.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Body">Null: it has none, or one that is no JSON.</param>
/// <param name="Message">All of it, read to its end.</param>
public sealed record Reply(HttpStatusCode Status, JsonNode? Body, HttpResponseMessage Message)
{
    public string? Code => (string?)Body?["code"];

    public string RunId => (string)Body!["runId"]!;

    /// <summary>The body of a call that must succeed.</summary>
    public JsonNode Done
    {
        get
        {
            Assert.True(Message.IsSuccessStatusCode, $"{Message.RequestMessage!.Method} {Message.RequestMessage.RequestUri}: {(int)Status} {Body?.ToJsonString()}");
            return Body!;
        }
    }

    /// <summary>A header's values as one line.</summary>
    public string? Header(string name) =>
        Message.Headers.TryGetValues(name, out var values) || Message.Content.Headers.TryGetValues(name, out values) ? string.Join(", ", values) : null;
}

/// <summary>Calls as a client without any of our types would make them, and exactly as they are given.</summary>
public static class HttpCalls
{
    /// <param name="address">Of the service.</param>
    /// <param name="key">Null: a caller without credentials.</param>
    /// <param name="handler">Null: the usual one.</param>
    public static HttpClient NewClient(string address, string? key, HttpMessageHandler? handler = null)
    {
        var client = new HttpClient(handler ?? new SocketsHttpHandler()) { BaseAddress = new Uri(address), Timeout = Patience.Limit };
        if (key is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    public static Task<Reply> CallAsync(this HttpClient client, string method, string path, string? body = null, params (string Name, string Value)[] headers) =>
        client.CallAsync(method, path, body is null ? null : Encoding.UTF8.GetBytes(body), "application/json", headers);

    public static async Task<Reply> CallAsync(
        this HttpClient client, string method, string path, byte[]? body, string? contentType, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            if (contentType is not null)
                request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        ContractCheck.Holds(response, text);
        return new Reply(response.StatusCode, ParseOrNull(text), response);
    }

    public static Task<Reply> ReadAsync(this HttpClient client, string path) => client.CallAsync("GET", path);

    public static Task<Reply> PostAsync(this HttpClient client, string path, JsonNode? body = null, string? idempotencyKey = null) =>
        client.CallAsync("POST", path, body?.ToJsonString(), idempotencyKey is null ? [] : [("Idempotency-Key", idempotencyKey)]);

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

    private static JsonNode? ParseOrNull(string text)
    {
        try
        {
            return text.Length == 0 ? null : JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
