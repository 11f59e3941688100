using System.Net;
using System.Text.Json.Nodes;
using Headgate.Fault.Tests.Witness;

namespace Headgate.Fault.Tests.Wire;

/// <summary>A way to call a service that may be gone, or without its store, at any moment.</summary>
internal sealed class Line(HttpClient client, Sightings sightings)
{
    /// <returns>Null where nobody knows whether the call took effect: no answer, or one that says that the store failed.</returns>
    public async Task<Reply?> SendAsync(string method, string path, JsonNode? body = null, string? idempotencyKey = null)
    {
        try
        {
            var reply = await client.SendAsync(new HttpMethod(method), path, body?.ToJsonString(), idempotencyKey);
            sightings.Note($"{method} {path} {body?.ToJsonString()} -> {(int)reply.Status} {reply.Body?.ToJsonString()}");
            if (reply.Status == HttpStatusCode.ServiceUnavailable && reply.Code is "store-unavailable" or "busy")
                return null;
            sightings.Holds((int)reply.Status < 500 || reply.Code == "tenant-paused", () => $"{method} {path} was answered {(int)reply.Status} {reply.Body?.ToJsonString()}");
            return reply;
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            sightings.Note($"{method} {path} {body?.ToJsonString()} -> {broken.Message}");
            return null;
        }
        catch (TaskCanceledException)
        {
            sightings.Broken($"{method} {path} had no answer within {client.Timeout.TotalSeconds} s");
            return null;
        }
    }

    public Task<Reply?> GetAsync(string path) => SendAsync("GET", path);

    /// <summary>All items of a list, page by page; null where a page could not be had.</summary>
    public async Task<List<JsonNode>?> ListAsync(string path)
    {
        var items = new List<JsonNode>();
        string? after = null;
        do
        {
            var reply = await GetAsync($"{path}?limit=100{(after is null ? "" : $"&after={Uri.EscapeDataString(after)}")}");
            if (reply is null || !sightings.Holds(reply.Status == HttpStatusCode.OK, () => $"GET {path} was answered {(int)reply.Status} {reply.Body?.ToJsonString()}"))
                return null;
            items.AddRange(reply.Body!["items"]!.AsArray().Select(item => item!));
            after = (string?)reply.Body["next"];
        }
        while (after is not null);
        return items;
    }
}
