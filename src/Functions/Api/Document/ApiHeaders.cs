using System.Text.Json.Nodes;
using Headgate.Contracts.Agents;
using Headgate.Core.Identity;
using Headgate.Functions.Wire;

namespace Headgate.Functions.Api.Document;

/// <summary>Headers of requests and answers.</summary>
internal static class ApiHeaders
{
    public const string RetryAfter = "Retry-After";

    /// <summary>Where the settings bound the rate of requests.</summary>
    public static readonly string[] Rate = ["RateLimit", "RateLimit-Policy"];

    private static readonly string[] s_everywhere = [Edge.RequestIdHeader, Edge.TraceHeader];

    private static readonly Dictionary<string, (string Text, JsonObject Schema)> s_answers = new(StringComparer.Ordinal)
    {
        [Edge.RequestIdHeader] = ("The id of the request: the caller's, or one made for it.", Text()),
        [Edge.TraceHeader] = ("W3C trace context.", Text()),
        ["Location"] = ("Where what was made is read.", Text()),
        ["ETag"] = ("Of what is shown; for If-Match or If-None-Match.", Text()),
        [RetryAfter] = ("Seconds until another try makes sense.", new JsonObject { ["type"] = "integer", ["minimum"] = 0 }),
        ["Idempotency-Replayed"] = ("The answer is that of an earlier call with the same key.", new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("true") }),
        [WaitPreference.AppliedHeader] = ("The call could be held for so long.", Text()),
        ["Headgate-Warning"] = ("Limits of the month that are used up by 80 % or more.", Text()),
        ["RateLimit"] = ("What is left of the caller's requests.", Text()),
        ["RateLimit-Policy"] = ("How many requests the caller has, and for how long.", Text()),
        ["WWW-Authenticate"] = ("How to say who calls.", Text()),
    };

    private static readonly Dictionary<string, (string Text, JsonObject Schema)> s_requests = new(StringComparer.Ordinal)
    {
        [IdempotencyKey.Header] = (
            "Sent again with the same body, the call is answered as the first time and done once.",
            new JsonObject { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = Grammar.MaxIdempotencyKey, ["pattern"] = "^[ -~]*$" }),
        ["If-Match"] = ("The call is refused if the ETag is another by now.", Text()),
        ["If-None-Match"] = ("Answered 304 if the ETag is still this one.", Text()),
        ["Prefer"] = ($"wait=N, 1..{WaitPreference.MaxSeconds}: be held for up to N seconds at the cap rather than be refused.", Text()),
        ["Last-Event-ID"] = ("The id of the last event that the caller has seen.", Text()),
        [AgentSession.Header] = ("Which process of the agent calls.", new JsonObject { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = 100 }),
    };

    public static IEnumerable<string> KnownOfRequests => s_requests.Keys;

    public static IEnumerable<string> KnownOfAnswers => s_answers.Keys;

    public static JsonObject OfAnswers()
    {
        var all = new JsonObject();
        foreach (var (name, (text, schema)) in s_answers)
            all[name] = new JsonObject { ["description"] = text, ["schema"] = schema.DeepClone() };
        return all;
    }

    /// <summary>References to these and to those of every answer.</summary>
    public static JsonObject References(IEnumerable<string> names)
    {
        var all = new JsonObject();
        foreach (var name in names.Concat(s_everywhere).Distinct(StringComparer.Ordinal))
            all[name] = new JsonObject { ["$ref"] = $"#/components/headers/{name}" };
        return all;
    }

    public static JsonObject OfRequest(string name)
    {
        var (text, schema) = s_requests.GetValueOrDefault(name, ("", Text()));
        return new JsonObject { ["name"] = name, ["in"] = "header", ["required"] = false, ["description"] = text, ["schema"] = schema.DeepClone() };
    }

    private static JsonObject Text() => new() { ["type"] = "string" };
}
