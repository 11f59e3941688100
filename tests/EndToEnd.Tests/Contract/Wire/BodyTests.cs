using System.Net;
using System.Text;
using Headgate.EndToEnd.Tests.Contract.Kit;

namespace Headgate.EndToEnd.Tests.Contract.Wire;

/// <summary>What is wrong with a body as such, whatever call it is for.</summary>
public class BodyTests(ContractHost ground) : IClassFixture<ContractHost>
{
    private const int Limit = 256 * 1024;

    public static TheoryData<string, string> Writes { get; } = new()
    {
        { "POST", "/tenants" },
        { "PATCH", "/tenants/{t}" },
        { "POST", "/tenants/{t}/pause" },
        { "POST", "/tenants/{t}/resume" },
        { "POST", "/tenants/{t}/suspend" },
        { "POST", "/tenants/{t}/deactivate" },
        { "POST", "/tenants/{t}/activate" },
        { "POST", "/tenants/{t}/keys" },
        { "PUT", "/tenants/{t}/policies/p" },
        { "PUT", "/tenants/{t}/resources/r" },
        { "POST", "/tenants/{t}/resources/r/hold" },
        { "POST", "/tenants/{t}/runs" },
        { "POST", "/tenants/{t}/runs/{r}/cancel" },
        { "POST", "/a2a/foreman" },
        { "POST", "/agents" },
        { "PATCH", "/agents/{a}/settings" },
        { "POST", "/agents/{a}/heartbeat" },
        { "POST", "/agents/{a}/tasks/claim" },
        { "POST", "/agents/{a}/task-results" },
    };

    [SuiteFact]
    public async Task Body_WithAByteOrderMark_IsReadWithoutIt()
    {
        var tenant = await ground.TenantAsync();
        byte[] mark = [0xEF, 0xBB, 0xBF];
        byte[] run = [.. "{\"name\":\"x\",\"tasks\":[{\"name\":\"a\",\"type\":\"noop\"}]}"u8];

        var marked = await ground.Client.CallAsync("POST", $"/tenants/{tenant}/runs", [.. mark, .. run], "application/json", ("Idempotency-Key", "k"));
        var plain = await ground.Client.CallAsync("POST", $"/tenants/{tenant}/runs", run, "application/json", ("Idempotency-Key", "k"));
        var alone = await ground.Client.CallAsync("POST", $"/tenants/{tenant}/pause", mark, "application/json");
        var twice = await ground.Client.CallAsync("POST", $"/tenants/{tenant}/resume", [.. mark, .. mark], "application/json");

        Assert.Equal((202, 202, marked.RunId), ((int)marked.Status, (int)plain.Status, plain.RunId));
        Assert.Equal(200, (int)alone.Status);
        Refused.At(twice, "");
    }

    [SuiteTheory, MemberData(nameof(Writes))]
    public async Task Write_BodyThatIsNoProperJson_IsRefusedAndNothingBreaks(string method, string path)
    {
        var target = await TargetAsync(path);
        byte[][] bodies =
        [
            "{"u8.ToArray(),
            "{\"name\":"u8.ToArray(),
            "{\"name\":\"x\"} x"u8.ToArray(),
            "nonsense"u8.ToArray(),
            "{'name':1}"u8.ToArray(),
            "{\"name\":1,}"u8.ToArray(),
            "/* c */{}"u8.ToArray(),
            "{\"name\":NaN}"u8.ToArray(),
            [(byte)'{', (byte)'"', 0xff, 0xfe, (byte)'"', (byte)':', (byte)'1', (byte)'}'],
            Encoding.Unicode.GetBytes("{}"),
            "{\"name\":\"\\ud800\"}"u8.ToArray(),
            "{\"name\":\"x\",\"name\":\"y\"}"u8.ToArray(),
            "{\"limits\":{\"a\":1,\"a\":2}}"u8.ToArray(),
            Encoding.UTF8.GetBytes(Nested(40)),
            Encoding.UTF8.GetBytes(Nested(20_000)),
            "[]"u8.ToArray(),
            "null"u8.ToArray(),
            "\"text\""u8.ToArray(),
            "1"u8.ToArray(),
            "true"u8.ToArray(),
        ];

        foreach (var body in bodies)
        {
            var reply = await target.Client.CallAsync(method, target.Path, body, "application/json");

            Refused.With(400, "invalid-request", reply);
            Assert.NotEmpty(Refused.Paths(reply));
        }
    }

    [SuiteTheory, MemberData(nameof(Writes))]
    public async Task Write_UnknownField_IsNamed(string method, string path)
    {
        var target = await TargetAsync(path);

        var reply = await target.Client.CallAsync(method, target.Path, """{"zzqqxx":1}""");

        Refused.With(400, "invalid-request", reply);
        Assert.Contains("zzqqxx", Refused.Paths(reply));
        Assert.Contains("unknown", Refused.Message(reply, "zzqqxx"), StringComparison.Ordinal);
    }

    [SuiteTheory, MemberData(nameof(Writes))]
    public async Task Write_BodyOver256KiB_Is413(string method, string path)
    {
        var target = await TargetAsync(path);
        var body = Encoding.UTF8.GetBytes($$"""{"name":"{{new string('x', Limit)}}"}""");

        var reply = await target.Client.CallAsync(method, target.Path, body, "application/json");

        Refused.With(413, "body-too-large", reply);
    }

    [SuiteFact]
    public async Task Write_BodyOfExactly256KiB_IsRead()
    {
        var body = """{"id":"x","name":"x","plan":"pro"}""".PadRight(Limit);

        var inside = await ground.Client.CallAsync("POST", "/tenants", body.Replace("\"x\",\"name\"", $"\"{ground.Name()}\",\"name\"", StringComparison.Ordinal)[..Limit]);
        var outside = await ground.Client.CallAsync("POST", "/tenants", body + " ");

        Refused.Not(HttpStatusCode.Created, inside);
        Refused.With(413, "body-too-large", outside);
    }

    [SuiteFact]
    public async Task Write_BodyOf3MiB_IsDiscardedAndTheConnectionGoesOn()
    {
        using var client = ground.NewClient(ground.OperatorKey);

        var reply = await client.CallAsync("POST", "/tenants", new byte[3 * 1024 * 1024], "application/json");
        var next = await client.CallAsync("GET", "/tenants?limit=1");

        Refused.With(413, "body-too-large", reply);
        Assert.Equal(HttpStatusCode.OK, next.Status);
    }

    [SuiteTheory]
    [InlineData(null)]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("not a content type")]
    public async Task Write_AnyContentType_IsReadAsJson(string? contentType)
    {
        var tenant = await ground.TenantAsync();

        var empty = await ground.Client.CallAsync("POST", $"/tenants/{tenant}/pause", [], contentType);
        var full = await ground.Client.CallAsync("POST", $"/tenants/{tenant}/resume", "{\"reason\":\"over\"}"u8.ToArray(), contentType);
        var wrong = await ground.Client.CallAsync("POST", $"/tenants/{tenant}/pause", "reason=over"u8.ToArray(), contentType);

        Refused.Not(HttpStatusCode.OK, empty);
        Refused.Not(HttpStatusCode.OK, full);
        Refused.With(400, "invalid-request", wrong);
    }

    [SuiteFact]
    public async Task Write_EmptyBodyWhereFieldsAreRequired_NamesThemAll()
    {
        var tenant = await ground.TenantAsync();

        Refused.At(await ground.Client.CallAsync("POST", "/tenants", ""), "id", "name", "plan");
        Refused.At(await ground.Client.CallAsync("POST", $"/tenants/{tenant}/keys"), "name", "role");
        Refused.At(await ground.Client.CallAsync("POST", $"/tenants/{tenant}/runs"), "name", "tasks");
        Refused.At(await ground.Client.CallAsync("POST", $"/tenants/{tenant}/suspend"), "reason");
        Refused.At(await ground.Client.CallAsync("POST", "/agents"), "arch", "name", "os", "version");
    }

    [SuiteTheory]
    [InlineData("POST", "/tenants", """{"id":"a","name":"b","plan":"pro","limit":{}}""", "limit", "limits")]
    [InlineData("POST", "/tenants", """{"id":"a","name":"b","plna":"pro"}""", "plna", "plan")]
    [InlineData("POST", "/tenants/{t}/keys", """{"name":"a","role":"viewer","expireAt":null}""", "expireAt", "expiresAt")]
    [InlineData("PUT", "/tenants/{t}/policies/p", """{"maxRetrys":1}""", "maxRetrys", "maxRetries")]
    [InlineData("POST", "/tenants/{t}/pause", """{"untill":null}""", "untill", "until")]
    [InlineData("POST", "/tenants/{t}/runs", """{"name":"a","task":[]}""", "task", "tasks")]
    [InlineData("POST", "/tenants/{t}/runs", """{"name":"a","tasks":[{"name":"a","type":"noop","timeoutSecond":1}]}""", "tasks[0].timeoutSecond", "timeoutSeconds")]
    [InlineData("POST", "/agents", """{"capability":[]}""", "capability", "capabilities")]
    [InlineData("PATCH", "/agents/{a}/settings", """{"maxConcurentTasks":1}""", "maxConcurentTasks", "maxConcurrentTasks")]
    public async Task Write_FieldAlmostRight_SuggestsTheRightOne(string method, string path, string body, string field, string suggestion)
    {
        var target = await TargetAsync(path);

        var reply = await target.Client.CallAsync(method, target.Path, body);

        Refused.With(400, "invalid-request", reply);
        Assert.Contains($"'{suggestion}'", Refused.Message(reply, field), StringComparison.Ordinal);
    }

    [SuiteTheory]
    [InlineData("-1")]
    [InlineData("1e999")]
    [InlineData("-1e999")]
    [InlineData("99999999999999999999999999999")]
    [InlineData("2147483648")]
    [InlineData("9223372036854775808")]
    [InlineData("1.5")]
    [InlineData("\"1\"")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("true")]
    public async Task Write_NumberThatIsNone_IsRefusedWhereverANumberIsWanted(string number)
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();

        Refused.At(await ground.Client.CallAsync("PATCH", $"/tenants/{tenant}", $$$"""{"limits":{"maxConcurrentRuns":{{{number}}}}}"""), "limits.maxConcurrentRuns");
        Refused.At(
            await ground.Client.CallAsync("POST", $"/tenants/{tenant}/runs", $$$"""{"name":"x","tasks":[{"name":"a","type":"noop","timeoutSeconds":{{{number}}},"maxRetries":{{{number}}}}]}"""),
            "tasks[0].maxRetries", "tasks[0].timeoutSeconds");
        Refused.At(await ground.Client.CallAsync("PUT", $"/tenants/{tenant}/policies/p", $$"""{"maxRetries":{{number}}}"""), "maxRetries");
        Refused.At(await ground.Client.CallAsync("PATCH", $"/agents/{agent.Id}/settings", $$"""{"cpuQuotaPercent":{{number}}}"""), "cpuQuotaPercent");
        Refused.At(await agent.Client.CallAsync("POST", $"/agents/{agent.Id}/tasks/claim", $$"""{"max":{{number}}}"""), "max");
    }

    private static string Nested(int depth) => string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);

    private async Task<(HttpClient Client, string Path)> TargetAsync(string path)
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        var run = path.Contains("{r}", StringComparison.Ordinal) ? (await ground.Client.SubmitAsync(tenant)).RunId : "";
        var isAgents = path.StartsWith("/agents/", StringComparison.Ordinal) && !path.EndsWith("settings", StringComparison.Ordinal);
        return (isAgents ? agent.Client : ground.Client, path.Replace("{t}", tenant, StringComparison.Ordinal).Replace("{a}", agent.Id, StringComparison.Ordinal).Replace("{r}", run, StringComparison.Ordinal));
    }
}
