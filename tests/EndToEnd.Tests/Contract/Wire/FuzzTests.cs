using System.Text;
using System.Text.Json.Nodes;
using Headgate.EndToEnd.Tests.Contract.Kit;

namespace Headgate.EndToEnd.Tests.Contract.Wire;

/// <summary>Random requests of a fixed seed: whatever is sent, the answer is never a 5xx and every refusal has its code.</summary>
public class FuzzTests(ContractHost ground) : IClassFixture<ContractHost>
{
    private const int Requests = 500;

    private static readonly string[] Fields =
    [
        "id", "name", "plan", "limits", "maxConcurrentRuns", "reason", "until", "role", "expiresAt", "maxRetries", "baseSeconds", "maxSeconds", "jitter", "factor", "tasks", "type", "needs", "agent",
        "labels", "timeoutSeconds", "policy", "payload", "metadata", "priority", "tenantId", "runType", "trigger", "runId", "os", "arch", "version", "capabilities", "maxConcurrentTasks", "typeLimits",
        "cpuQuotaPercent", "ioPriority", "bandwidthLimitMbps", "uptimeSeconds", "disks", "running", "session", "load", "max", "waitSeconds", "taskId", "attempt", "status", "results", "durationSeconds", "output", "zz",
    ];

    private static readonly string[] Values =
    [
        "null", "true", "-1", "0", "1", "1e308", "-1e999", "123456789012345678901234567890", "\"\"", "\"a\"", "\"noop\"", "\"pro\"", "\"success\"", "\"\\u0000\"", "\"../..\"", "\"2026-01-01T00:00:00Z\"",
        "\"9999-12-31T23:59:59.9999999+14:00\"", "\"0001-01-01T00:00:00+14:00\"", "\"\\ud83d\\ude00\"", "\"\\udc00\"",
    ];

    private static readonly string[] Segments =
        ["tenants", "{t}", "runs", "{r}", "cancel", "timeline", "pause", "keys", "policies", "default", "agents", "{a}", "settings", "heartbeat", "tasks", "claim", "task-results", "load", "a2a", "foreman", "dead-letters", "replay", "queues", "..", "%2f", "%00", "%ff", "!ledger", "~", "é", "a b", "?limit=-1", "?after=AAAA", ":", "%2e"];

    private static readonly string[] Calls =
    [
        "POST /tenants", "PATCH /tenants/{t}", "POST /tenants/{t}/keys", "PUT /tenants/{t}/policies/p", "POST /tenants/{t}/runs", "POST /tenants/{t}/runs", "POST /a2a/foreman", "POST /agents",
        "PATCH /agents/{a}/settings", "POST /agents/{a}/heartbeat", "POST /agents/{a}/tasks/claim", "POST /agents/{a}/task-results", "POST /tenants/{t}/pause", "POST /tenants/{t}/resume",
    ];

    private static readonly (string Method, string Path, string Body)[] Proper =
    [
        ("POST", "/tenants", """{"id":"{n}","name":"n","plan":"pro","limits":{"maxConcurrentRuns":3,"maxMonthlyRuns":null}}"""),
        ("PATCH", "/tenants/{t}", """{"name":"n","plan":"pro","limits":{"maxConcurrentRuns":500,"maxMonthlyRuns":9999,"maxRepos":1,"maxMembers":1}}"""),
        ("POST", "/tenants/{t}/pause", """{"reason":"r","until":"2999-01-01T00:00:00Z"}"""),
        ("POST", "/tenants/{t}/resume", """{"reason":"r"}"""),
        ("POST", "/tenants/{t}/keys", """{"name":"n","role":"viewer","expiresAt":"2999-01-01T00:00:00Z"}"""),
        ("PUT", "/tenants/{t}/policies/p", """{"maxRetries":3,"baseSeconds":5,"maxSeconds":300,"jitter":0.5,"factor":2}"""),
        ("PUT", "/tenants/{t}/schedules/s", """{"cron":"0 3 1 1 *","timeZone":"Europe/Berlin","jitterSeconds":60,"overlap":"queue","catchUp":"none","enabled":true,"run":{"name":"n","tasks":[{"name":"a","type":"noop"}]}}"""),
        ("PUT", "/tenants/{t}/resources/r", """{"maxConcurrent":3,"typeLimits":{"prune":1},"failuresToOpen":5,"openSeconds":60}"""),
        ("POST", "/tenants/{t}/runs", """{"name":"n","priority":"low","tasks":[{"name":"a","type":"noop","labels":{"os":"linux"},"timeoutSeconds":5,"policy":"default","maxRetries":2,"payload":{"x":[1]}},{"name":"b","type":"noop","needs":["a"]}],"metadata":{"m":1}}"""),
        ("POST", "/a2a/foreman", """{"tenantId":"{t}","runId":"{n}","runType":"noop","payload":{"x":1},"trigger":"cli","metadata":{"m":1}}"""),
        ("POST", "/agents", """{"tenantId":"{t}","name":"{n}","os":"linux","arch":"x64","version":"1","labels":{"os":"linux"},"capabilities":["noop"]}"""),
        ("PATCH", "/agents/{a}/settings", """{"maxConcurrentTasks":50,"typeLimits":{"noop":20},"cpuQuotaPercent":50,"ioPriority":"low","bandwidthLimitMbps":5}"""),
        ("POST", "/agents/{a}/heartbeat", """{"version":"1","os":"linux","uptimeSeconds":1,"disks":[{"mountPath":"/","freeBytes":1,"totalBytes":2}],"running":[{"taskId":"{n}.a","attempt":1}],"settingsVersion":1,"session":"s","load":{"cpuPercent":1,"memoryPercent":1,"freeSlots":1}}"""),
        ("POST", "/agents/{a}/tasks/claim", """{"max":1}"""),
        ("POST", "/agents/{a}/task-results", """{"taskId":"{n}.a","attempt":1,"status":"failure","errorCategory":"network","errorMessage":"m","exitCode":1,"durationSeconds":1,"log":"l","output":{"o":1}}"""),
        ("POST", "/agents/{a}/task-results", """{"results":[{"taskId":"{n}.a","attempt":1,"status":"success","durationSeconds":1}]}"""),
    ];

    [SuiteFact]
    public async Task Request_OfRandomJson_IsNeverAnsweredWithAFailureOfTheServer()
    {
        var random = new Random(20260101);
        var (tenant, run, agent) = await TargetsAsync();
        for (var i = 0; i < Requests; i++)
        {
            var call = Calls[random.Next(Calls.Length)].Split(' ');
            var path = call[1].Replace("{t}", tenant, StringComparison.Ordinal).Replace("{a}", agent.Id, StringComparison.Ordinal).Replace("{r}", run, StringComparison.Ordinal);
            var body = Encoding.UTF8.GetBytes(Json(random, 0));
            if (random.Next(8) == 0)
                body[random.Next(body.Length)] = (byte)random.Next(256);
            var isAgents = path.StartsWith("/agents/", StringComparison.Ordinal) && !path.EndsWith("settings", StringComparison.Ordinal);

            var reply = await (isAgents ? agent.Client : ground.Client).CallAsync(call[0], path, body, "application/json");

            var isKnown503 = (int)reply.Status == 503 && reply.Code is "tenant-paused" or "busy";
            Assert.True((int)reply.Status < 500 || isKnown503, $"{call[0]} {path} {Encoding.UTF8.GetString(body)}: {(int)reply.Status} {reply.Body}");
            Assert.True((int)reply.Status < 400 || reply.Code is not null, $"{call[0]} {path}: {(int)reply.Status} without a code");
        }
    }

    [SuiteFact]
    public async Task Request_ProperButForOneField_IsNeverAnsweredWithAFailureOfTheServer()
    {
        var random = new Random(20260103);
        var (tenant, _, agent) = await TargetsAsync();
        for (var i = 0; i < Requests; i++)
        {
            var (method, path, proper) = Proper[random.Next(Proper.Length)];
            var body = JsonNode.Parse(proper.Replace("{t}", tenant, StringComparison.Ordinal).Replace("{n}", $"x{random.Next(50)}", StringComparison.Ordinal))!;
            var text = Mutated(body, random);
            var target = path.Replace("{t}", tenant, StringComparison.Ordinal).Replace("{a}", agent.Id, StringComparison.Ordinal);
            var isAgents = target.StartsWith("/agents/", StringComparison.Ordinal) && method != "PATCH";

            var reply = await (isAgents ? agent.Client : ground.Client).CallAsync(method, target, text);

            Assert.True((int)reply.Status < 500 || reply.Code is "tenant-paused" or "busy", $"{method} {target} {text}: {(int)reply.Status} {reply.Body}");
            Assert.True((int)reply.Status < 400 || reply.Code is not null, $"{method} {target}: {(int)reply.Status} without a code");
        }
    }

    [SuiteFact]
    public async Task Request_OfARandomPath_IsNeverAnsweredWithAFailureOfTheServer()
    {
        var random = new Random(20260102);
        var (tenant, run, agent) = await TargetsAsync();
        string[] methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
        for (var i = 0; i < Requests; i++)
        {
            var segments = Enumerable.Range(0, random.Next(1, 7)).Select(_ => Segments[random.Next(Segments.Length)]);
            var path = ("/" + string.Join('/', segments)).Replace("{t}", tenant, StringComparison.Ordinal).Replace("{a}", agent.Id, StringComparison.Ordinal).Replace("{r}", run, StringComparison.Ordinal);
            var method = methods[random.Next(methods.Length)];

            var reply = await ground.Client.CallAsync(method, path, random.Next(2) == 0 ? null : "{}");

            Assert.True((int)reply.Status < 500 || reply.Code is "tenant-paused" or "busy", $"{method} {path}: {(int)reply.Status} {reply.Body}");
        }
    }

    private async Task<(string Tenant, string Run, Agent Agent)> TargetsAsync()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        return (tenant, (await ground.Client.SubmitAsync(tenant)).RunId, agent);
    }

    /// <summary>One value somewhere in the body replaced by a random one.</summary>
    private static string Mutated(JsonNode body, Random random)
    {
        const string Mark = "\u2603";
        var at = body;
        while (true)
        {
            var inner = at is JsonArray array ? array.Count == 0 ? null : array[random.Next(array.Count)] : at.AsObject().ElementAt(random.Next(at.AsObject().Count)).Value;
            if (inner is JsonObject { Count: > 0 } or JsonArray { Count: > 0 } && random.Next(4) > 0)
            {
                at = inner;
                continue;
            }

            if (at is JsonArray items)
                items[random.Next(items.Count)] = Mark;
            else
                at.AsObject()[at.AsObject().ElementAt(random.Next(at.AsObject().Count)).Key] = Mark;
            return body.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping })
                .Replace($"\"{Mark}\"", random.Next(4) == 0 ? Json(random, 1) : Values[random.Next(Values.Length)], StringComparison.Ordinal);
        }
    }

    private static string Json(Random random, int depth)
    {
        if (depth == 4 || (depth > 0 && random.Next(2) == 0))
            return Values[random.Next(Values.Length)];
        return depth > 0 && random.Next(3) == 0
            ? $"[{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Json(random, depth + 1)))}]"
            : $"{{{string.Join(',', Enumerable.Range(0, random.Next(7)).Select(_ => Fields[random.Next(Fields.Length)]).Distinct().Select(field => $"\"{field}\":{Json(random, depth + 1)}"))}}}";
    }
}
