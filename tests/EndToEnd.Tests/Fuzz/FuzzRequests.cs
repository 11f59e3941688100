using System.Text;
using System.Text.Json.Nodes;

namespace Headgate.EndToEnd.Tests.Fuzz;

/// <param name="Operation">The function that answers it.</param>
/// <param name="Path">With parameters in braces.</param>
/// <param name="Queries">Names of the query's parameters.</param>
internal sealed record FuzzRoute(string Operation, string Method, string Path, IReadOnlyList<string> Queries)
{
    /// <summary>All that a served OpenAPI document names, but the streams of events, whose answers have no end.</summary>
    public static List<FuzzRoute> Of(JsonNode document) =>
    [
        .. from path in document["paths"]!.AsObject()
           from call in path.Value!.AsObject()
           where call.Key != "parameters" && !path.Key.EndsWith("/events", StringComparison.Ordinal)
           select new FuzzRoute(
               (string)call.Value!["operationId"]!,
               call.Key.ToUpperInvariant(),
               path.Key,
               [.. (call.Value["parameters"]?.AsArray() ?? []).Where(parameter => (string)parameter!["in"]! == "query").Select(parameter => (string)parameter!["name"]!)]),
    ];
}

/// <summary>What the paths of a run lead to: things that are there, the caller's own and others'.</summary>
internal sealed record FuzzTargets(string[] Tenants, string[] Runs, string[] Agents, string[] Keys, string[] Names);

/// <summary>Requests to the routes of a document: proper ones, and what becomes of them by changes to method, path, query, headers and body.</summary>
internal sealed class FuzzRequests(IReadOnlyList<FuzzRoute> routes, FuzzTargets targets, string authority)
{
    public const string Injected = "X-Injected";

    private static readonly string[] s_methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT", "get", "BREW"];

    private static readonly string[] s_segments =
    [
        "..", ".", "%2e%2e", "%2f", "%5c", "%00", "%0d%0aX-Injected:%201", "%ff", "%c3%28", "%ed%a0%80", "%", "%zz", "!ledger", "!all", "!service", "!deleted", "!changed", "live:x", "key:x", "'", "a'b", "a%20b", "%23", "%3f", "é", "~", "*", ":", "",
        "none", "0", "-1", "summary", "me", "a.b.c", "%F0%9F%98%80", "a;b=c", "a//b",
    ];

    private static readonly string[] s_queries = ["", "-1", "0", "1", "100", "101", "99999999999999999999", "AAAA", "%00", "%ff", "running", "a%26b", "%0d%0aX-Injected:%201", "é", "null", "1e3", "true"];

    private static readonly string[] s_headers =
    [
        "Content-Type: text/plain", "Content-Type: application/json; charset=utf-16", "Content-Type: \0", "Accept: application/problem+json", "Accept: */*;q=0, ;;,", "Idempotency-Key: one", "Idempotency-Key: ", "Idempotency-Key: a\tb",
        "Idempotency-Key: \u00e9", "X-Request-Id: abc", "X-Request-Id: a b", "X-Request-Id: \u00ff\u00fe", "X-Request-Id: a\rX-Injected: 1", "X-Request-Id: a\nX-Injected: 1", "traceparent: 00-0-0-00", "traceparent: \u00e9", "If-Match: *", "If-Match: \"a\", W/\"b\"", "If-Match: \"",
        "Headgate-Session: s", "Headgate-Session: \u00e9", "Prefer: wait=1", "Prefer: wait=-1", "Expect: 100-continue", "Range: bytes=0-1", "X-HTTP-Method-Override: DELETE", "X-Forwarded-For: 127.0.0.1", "X-Debug-User: root", "X-Debug-Role: owner",
        "x-ms-client-principal: e30=", "X-Original-URL: /queues", "Cookie: a=b", "Origin: null", "Upgrade: websocket", "Accept-Encoding: gzip, \0", "Transfer-Encoding: gzip", ": empty", "no colon", "a b: c",
    ];

    public (FuzzRoute Route, string Method, byte[] Request) Next(Random random, string? token)
    {
        var route = routes[random.Next(routes.Count)];
        var method = random.Next(8) == 0 ? s_methods[random.Next(s_methods.Length)] : route.Method;
        var tenant = Any(targets.Tenants, random);
        var body = FuzzBodies.Of(route.Operation, random, text => Fill(text, tenant, random));
        var head = new StringBuilder($"{method} {Target(route, tenant, random)} HTTP/1.1\r\nHost: {authority}\r\n");
        if (token is not null)
            head.Append($"Authorization: {(random.Next(40) == 0 ? Credentials(token, random) : $"Bearer {token}")}\r\n");
        for (var more = random.Next(3); more > 0; more--)
            head.Append(Any(s_headers, random)).Append("\r\n");
        if (random.Next(60) == 0)
            head.Append($"X-Long: {new string('a', random.Next(40_000))}\r\n");
        if (random.Next(40) == 0)
            head.Append($"Idempotency-Key: {new string('k', 256)}\r\n");
        if (body is not null)
            head.Append($"Content-Length: {body.Length}\r\n");
        return (route, method, [.. Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), .. body ?? []]);
    }

    private string Target(FuzzRoute route, string tenant, Random random)
    {
        var path = string.Join('/', route.Path.Split('/').Select(part => !part.StartsWith('{') ? part : random.Next(7) == 0 ? Strange(random) : part switch
        {
            "{tenantId}" => tenant,
            "{runId}" or "{deadLetterId}" => Any(targets.Runs, random),
            "{taskId}" => Any(targets.Runs, random) + ".a",
            "{agentId}" => Any(targets.Agents, random),
            "{keyId}" => Any(targets.Keys, random),
            _ => Any(targets.Names, random),
        }));
        if (random.Next(30) == 0)
            path = "/" + string.Join('/', Enumerable.Range(0, random.Next(1, 6)).Select(_ => random.Next(2) == 0 ? Strange(random) : Any(routes[random.Next(routes.Count)].Path.Split('/'), random)));
        var queries = new List<string>();
        foreach (var name in route.Queries)
        {
            if (random.Next(3) == 0)
                queries.Add($"{name}={Any(s_queries, random)}");
        }

        if (random.Next(20) == 0)
            queries.Add($"{Any(["limit", "after", "zz", "", "%00", "Limit"], random)}={Any(s_queries, random)}");
        return queries.Count == 0 ? path : $"{path}?{string.Join('&', queries)}";
    }

    private string Fill(string text, string tenant, Random random) => text
        .Replace("{t}", tenant, StringComparison.Ordinal)
        .Replace("{n}", $"x{random.Next(200)}", StringComparison.Ordinal)
        .Replace("{k}", Any(targets.Runs, random), StringComparison.Ordinal);

    private static string Strange(Random random) => random.Next(10) == 0 ? new string('a', random.Next(1, 3000)) : Any(s_segments, random);

    private static string Credentials(string token, Random random) => random.Next(6) switch
    {
        0 => $"bearer  {token}",
        1 => $"Bearer {token}, Bearer {token}",
        2 => $"Basic {token}",
        3 => $"Bearer {token}\t",
        4 => "Bearer eyJhbGciOiJub25lIn0.e30.",
        _ => $"Bearer {token[..^1]}",
    };

    private static T Any<T>(T[] all, Random random) => all[random.Next(all.Length)];
}
