using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Headgate.TestKit;
using Xunit.Abstractions;

namespace Headgate.EndToEnd.Tests.Fuzz;

/// <summary>
/// Tens of thousands of requests to every route that the served document names, by every kind of caller. Whatever is sent: no failure of the
/// server, no byte of a tenant that is not the caller's, no header that a request brought in, and an answer in bounded time. The seed is printed;
/// <c>HEADGATE_FUZZ_SEED</c> and <c>HEADGATE_FUZZ_REQUESTS</c> choose others.
/// </summary>
public sealed class FuzzSuiteTests(ITestOutputHelper output)
{
    private const int Requests = 50_000;
    private const int Connections = 8;
    private const string Secret = "k4zzmarkerq9";

    /// <summary>What 503 may say: refusals that are promised.</summary>
    private static readonly string[] s_promised = ["tenant-paused", "busy"];

    [Fact]
    public async Task Routes_OfTheDocument_AnswerWhateverIsSent()
    {
        var seed = Setting("HEADGATE_FUZZ_SEED", Random.Shared.Next());
        var requests = Setting("HEADGATE_FUZZ_REQUESTS", Requests);
        output.WriteLine($"HEADGATE_FUZZ_SEED={seed} HEADGATE_FUZZ_REQUESTS={requests}");
        await using var service = await LocalService.StartAsync(settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Headgate:Claims:MaxWaitSeconds"] = "0" });
        var (generator, callers) = await ArrangeAsync(service);
        var statuses = new ConcurrentDictionary<int, int>();
        var failures = new ConcurrentQueue<string>();

        await Task.WhenAll(Enumerable.Range(0, Connections).Select(part => Task.Run(async () =>
        {
            var random = new Random(seed + part);
            using var connection = new FuzzConnection(service.Client.BaseAddress!.Host, service.Client.BaseAddress.Port);
            for (var i = 0; i < requests / Connections && failures.Count < 20; i++)
            {
                var (token, seesAll) = callers[random.Next(callers.Length)];
                var (_, method, request) = generator.Next(random, token);
                var answer = await connection.SendAsync(request, method == "HEAD");
                statuses.AddOrUpdate(answer.Status, 1, (_, count) => count + 1);
                if (ProblemOf(answer, seesAll) is { } problem)
                    failures.Enqueue($"{problem}\n{Shown(request)}\n→ {answer.Head}\n{answer.Body}");
                // What the operator's requests close would have all others refused alike.
                if (i % 100 == 0)
                    await ReopenAsync(service);
            }
        })));

        output.WriteLine(string.Join(", ", statuses.OrderBy(status => status.Key).Select(status => $"{status.Key}: {status.Value}")));
        Assert.True(failures.IsEmpty, $"Seed {seed}: {string.Join("\n\n", failures.Take(5))}");
        Assert.True(statuses.GetValueOrDefault(200) + statuses.GetValueOrDefault(202) > requests / 50, "Nearly nothing was served: the requests try too little.");
        Assert.Equal(HttpStatusCode.OK, (await service.Client.ReadAsync("/ready")).Status);
        var tenant = (await service.Client.ReadAsync("/tenants/mine")).Done;
        Assert.InRange((int)tenant["inFlight"]!, 0, 1_000_000_000);
    }

    [Fact]
    public async Task Operations_ThatTakeABody_HaveAProperOneHere()
    {
        await using var service = await LocalService.StartAsync();
        var document = (await service.Client.ReadAsync("/openapi.json")).Done;
        var takers = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()).Where(call => call.Key != "parameters" && call.Value!["requestBody"] is not null).Select(call => (string)call.Value!["operationId"]!);

        Assert.Empty(takers.Except(FuzzBodies.Proper.Keys));
        Assert.Empty(FuzzBodies.Proper.Keys.Except(FuzzRoute.Of(document).Select(route => route.Operation)));
    }

    private static string? ProblemOf(FuzzAnswer answer, bool seesAll)
    {
        if (answer.Head.Contains($"\n{FuzzRequests.Injected}", StringComparison.OrdinalIgnoreCase))
            return "A header of the request came back as a header.";
        if (!seesAll && (answer.Head + answer.Body).Contains(Secret, StringComparison.Ordinal))
            return "The answer has a byte of another tenant.";
        var code = CodeOf(answer.Body);
        if (answer.Status >= 500 && !(answer.Status == 503 && s_promised.Contains(code)))
            return "A failure of the server.";
        // The web server itself refuses what is no request, without a body.
        if (answer.Status >= 400 && answer.Body.Length > 0 && code is null)
            return "A refusal without a code.";
        return null;
    }

    private static string? CodeOf(string body)
    {
        try
        {
            return body.Length > 0 && JsonNode.Parse(body) is JsonObject fields ? (string?)fields["code"] : null;
        }
        catch (Exception broken) when (broken is System.Text.Json.JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static async Task<(FuzzRequests Generator, (string? Token, bool SeesAll)[] Callers)> ArrangeAsync(LocalService service)
    {
        var client = service.Client;
        var mine = await FillAsync(service, "mine", "mine");
        var theirs = await FillAsync(service, "theirs", Secret);
        var callers = new List<(string?, bool)> { (null, false), (service.Server.OperatorKey.Text, true), (mine.AgentKey, false), (mine.AgentKey, false), ("hg_none_0123456789abcdef", false) };
        foreach (var role in new[] { "viewer", "developer", "admin", "owner", "owner" })
            callers.Add((await KeyAsync(client, "mine", role), false));
        var document = (await client.ReadAsync("/openapi.json")).Done;
        return (
            new FuzzRequests(
                FuzzRoute.Of(document),
                new FuzzTargets(["mine", "mine", "mine", "theirs", "no-such"], [mine.RunId, theirs.RunId], [mine.AgentId, mine.OtherAgentId, theirs.AgentId], [mine.KeyId, theirs.KeyId], ["p", "r", "ada", "none", mine.Name, theirs.Name]),
                client.BaseAddress!.Authority),
            [.. callers]);
    }

    private sealed record Filled(string RunId, string AgentId, string AgentKey, string OtherAgentId, string KeyId, string Name);

    /// <summary>A tenant with something of everything, whose texts hold a word.</summary>
    private static async Task<Filled> FillAsync(LocalService service, string tenant, string word)
    {
        var client = service.Client;
        (await client.CallAsync("POST", "/tenants", $$"""{"id":"{{tenant}}","name":"{{word}}","plan":"enterprise","limits":{"maxConcurrentRuns":1000000,"maxMonthlyRuns":1000000} }""")).Done.ToString();
        var agents = new List<JsonNode>();
        foreach (var name in new[] { $"{word} one", $"{word} other" })
            agents.Add((await client.CallAsync("POST", "/agents", $$"""{"tenantId":"{{tenant}}","name":"{{name}}","os":"linux","arch":"x64","version":"1","capabilities":["noop"]}""")).Done);
        var run = (await client.CallAsync("POST", $"/tenants/{tenant}/runs", $$$"""{"name":"{{{word}}}","tasks":[{"name":"a","type":"noop","payload":{"p":"{{{word}}}" } }],"metadata":{"m":"{{{word}}}" } }""")).Done;
        var key = (await client.CallAsync("POST", $"/tenants/{tenant}/keys", $$"""{"name":"{{word}}","role":"viewer"}""")).Done;
        foreach (var (path, body) in new[] { ("policies/p", "{}"), ("resources/r", "{}"), ("members/ada", $$"""{"role":"owner","name":"{{word}}"}""") })
            (await client.CallAsync("PUT", $"/tenants/{tenant}/{path}", body)).Done.ToString();
        await client.CallAsync("POST", $"/tenants/{tenant}/resources/r/hold", $$"""{"reason":"{{word}}"}""");
        return new Filled((string)run["runId"]!, (string)agents[0]["agentId"]!, (string)agents[0]["key"]!, (string)agents[1]["agentId"]!, (string)key["keyId"]!, $"of-{tenant}");
    }

    private static async Task<string> KeyAsync(HttpClient client, string tenant, string role) =>
        (string)(await client.CallAsync("POST", $"/tenants/{tenant}/keys", $$"""{"name":"k","role":"{{role}}"}""")).Done["key"]!;

    private static async Task ReopenAsync(LocalService service)
    {
        await service.Client.CallAsync("POST", "/tenants/mine/activate", """{"reason":"r"}""");
        await service.Client.CallAsync("PATCH", "/tenants/mine", """{"plan":"enterprise","limits":{"maxConcurrentRuns":1000000,"maxMonthlyRuns":1000000,"maxMembers":500}}""");
    }

    private static string Shown(byte[] request)
    {
        var text = Encoding.Latin1.GetString(request);
        return text.Length <= 3000 ? text : text[..3000] + "…";
    }

    private static int Setting(string name, int fallback) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : fallback;
}
