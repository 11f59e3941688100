using System.Net;
using System.Text.Json.Nodes;
using Headgate.Contracts.Agents;
using Headgate.Fault.Tests.Witness;

namespace Headgate.Fault.Tests.Wire;

/// <summary>A way to call a service that may be gone, without its store, or behind somebody who answers in its place, at any moment.</summary>
/// <param name="session">Of the agent's process that calls; null where it does not name itself.</param>
internal sealed class Line(HttpClient client, Sightings sightings, string? session = null)
{
    /// <summary>The same, for a process that names itself; null: for one that does not.</summary>
    public Line Of(string? process) => new(client, sightings, process);

    /// <returns>Null where nobody knows whether the call took effect: no answer, somebody else's, or one that says that the store failed.</returns>
    public async Task<Reply?> SendAsync(string method, string path, JsonNode? body = null, string? idempotencyKey = null)
    {
        (string, string)[] headers =
        [
            .. idempotencyKey is null ? [] : new[] { ("Idempotency-Key", idempotencyKey) },
            .. session is null ? [] : new[] { (AgentSession.Header, session) },
        ];
        try
        {
            var reply = await client.CallAsync(method, path, body?.ToJsonString(), headers);
            return Judge(reply, await reply.Message.Content.ReadAsStringAsync(), $"{method} {path} {body?.ToJsonString()}{(session is null ? "" : $" of {session}")}");
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

    private Reply? Judge(Reply reply, string text, string call)
    {
        sightings.Note($"{call} -> {(int)reply.Status} {text}");
        if (reply.Message.Headers.Contains(ForeignAnswer.Mark))
            return null;
        var isSuccess = (int)reply.Status < 300;
        if (!sightings.Holds(isSuccess || reply.Code is not null, () => $"{call} was refused {(int)reply.Status} without a code: {text}"))
            return null;
        if (reply.Status == HttpStatusCode.ServiceUnavailable && reply.Code is "store-unavailable" or "busy")
            return null;
        sightings.Holds((int)reply.Status < 500 || reply.Code == "tenant-paused", () => $"{call} was answered {(int)reply.Status} {text}");
        return reply;
    }
}
