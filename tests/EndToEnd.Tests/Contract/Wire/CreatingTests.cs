using System.Text.Json.Nodes;
using Headgate.EndToEnd.Tests.Contract.Kit;

namespace Headgate.EndToEnd.Tests.Contract.Wire;

/// <summary>Every call that makes something, with an <c>Idempotency-Key</c>: made once, answered alike, refusals forgotten.</summary>
public class CreatingTests(ContractHost ground) : IClassFixture<ContractHost>
{
    private const string Header = "Idempotency-Key";

    /// <param name="Path">Where it is posted.</param>
    /// <param name="Body">What.</param>
    /// <param name="Other">What makes something else.</param>
    /// <param name="Count">How many there are of what it makes.</param>
    private sealed record Creation(string Path, string? Body, string? Other, Func<Task<int>> Count);

    private static readonly string[] s_calls = ["tenant", "key", "rotation", "agent", "shared agent", "run", "gateway", "trigger", "replay", "replays"];

    public static TheoryData<string> Calls => [.. s_calls];

    [SuiteTheory, MemberData(nameof(Calls))]
    public async Task Call_FiveAtOnceWithOneKey_HaveOneEffectAndOneAnswer(string call)
    {
        var creation = await CreationAsync(call);
        var before = await creation.Count();

        var replies = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => SendAsync(creation.Path, creation.Body)));
        var later = await SendAsync(creation.Path, creation.Body);

        Assert.All(replies, reply => Assert.True((int)reply.Status is 201 or 202, $"{call}: {(int)reply.Status} {reply.Body?.ToJsonString()}"));
        Assert.Equal("true", later.Header("Idempotency-Replayed"));
        Assert.Single(replies, reply => reply.Header("Idempotency-Replayed") is null);
        Assert.Single(await TextsAsync([.. replies, later]));
        Assert.Single(replies.Append(later).Select(reply => (reply.Status, reply.Header("Location"), reply.Header("ETag"))).Distinct());
        Assert.Equal(before + 1, await creation.Count());
    }

    [SuiteTheory, MemberData(nameof(Calls))]
    public async Task Call_SameKeyOtherBody_IsRefusedAndMakesNothing(string call)
    {
        var creation = await CreationAsync(call);
        Assert.InRange((int)(await SendAsync(creation.Path, creation.Body)).Status, 201, 202);
        var before = await creation.Count();

        Refused.With(422, "idempotency-mismatch", await SendAsync(creation.Path, creation.Other));

        Assert.Equal(before, await creation.Count());
    }

    [SuiteFact]
    public async Task Tenant_RefusedBefore_IsMadeWithTheSameKeyLater()
    {
        var taken = await ground.TenantAsync();
        var key = ground.Name("k");

        Refused.With(409, "tenant-exists", await SendAsync("/tenants", Tenant(taken), key));
        Refused.With(409, "tenant-exists", await SendAsync("/tenants", Tenant(taken), key));
        Assert.Equal(201, (int)(await SendAsync("/tenants", Tenant(ground.Name()), key)).Status);
    }

    [SuiteFact]
    public async Task Agent_RefusedBefore_IsMadeWithTheSameKeyLater()
    {
        var tenant = await ground.TenantAsync(limits: """{"maxAgents":1}""");
        var first = await ground.AgentAsync(tenant);
        var body = AgentKit.Profile(ground.Name("agent"), tenant, "noop").ToJsonString();

        var refused = await SendAsync("/agents", body);
        await ground.Client.CallAsync("DELETE", $"/agents/{first.Id}");
        var made = await SendAsync("/agents", body);

        Refused.Exactly(409, """{"error":"Plan limit exceeded","code":"agent-limit","reason":"Agent limit reached (1 agents on Enterprise plan)","currentUsage":1,"limit":1,"plan":"enterprise"}""", refused);
        Assert.Equal((201, null), ((int)made.Status, made.Header("Idempotency-Replayed")));
    }

    [SuiteFact]
    public async Task Agents_OverTheNumber_AreRefusedAlsoByFiveAtOnce()
    {
        var tenant = await ground.TenantAsync(limits: """{"maxAgents":2}""");

        var replies = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => ground.Client.PostAsync("/agents", AgentKit.Profile($"a{i}", tenant, "noop"))));
        var again = await ground.Client.PostAsync("/agents", AgentKit.Profile($"a{Array.FindIndex(replies, reply => (int)reply.Status == 201)}", tenant, "noop"));

        Assert.Equal(2, replies.Count(reply => (int)reply.Status == 201));
        Assert.All(replies.Where(reply => (int)reply.Status != 201), reply => Refused.With(409, "agent-limit", reply));
        Assert.Equal(200, (int)again.Status);
        Assert.Equal(2, await CountAsync($"/agents?tenant={tenant}"));
    }

    [SuiteFact]
    public async Task Agent_SentAgainByAnotherCaller_ShowsNoKey()
    {
        var tenant = await ground.TenantAsync();
        using var one = await ground.MemberAsync(tenant, "admin");
        using var other = await ground.MemberAsync(tenant, "admin");
        var body = AgentKit.Profile(ground.Name("agent"), tenant, "noop").ToJsonString();

        var made = await one.CallAsync("POST", "/agents", body, (Header, "k"));
        var hidden = await other.CallAsync("POST", "/agents", body, (Header, "k"));
        var again = await one.CallAsync("POST", "/agents", body, (Header, "k"));

        Assert.Equal(201, (int)made.Status);
        Refused.With(409, "key-not-shown", hidden);
        Assert.DoesNotContain((string)made.Body!["key"]!, hidden.Body!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(made.Body.ToJsonString(), again.Body!.ToJsonString());
        using var agent = ground.NewClient((string)again.Body["key"]!);
        Assert.Equal(200, (int)(await agent.CallAsync("POST", $"/agents/{made.Body["agentId"]}/heartbeat", """{"version":"1","os":"linux","uptimeSeconds":1}""")).Status);
    }

    [SuiteTheory]
    [InlineData("")]
    [InlineData("k\tk")]
    public async Task Key_OfNoGoodForm_IsRefusedByEveryCall(string key)
    {
        foreach (var call in s_calls)
        {
            var creation = await CreationAsync(call);
            var reply = await SendAsync(creation.Path, creation.Body, key);
            Refused.With(400, "invalid-request", reply);
            Assert.Contains(Header, Refused.Paths(reply));
        }
    }

    private async Task<Creation> CreationAsync(string call)
    {
        var tenant = await ground.TenantAsync();
        var path = $"/tenants/{tenant}";
        var name = ground.Name("new");
        switch (call)
        {
            case "tenant":
                return new("/tenants", Tenant(name), Tenant(name + "x"), async () =>
                    (await Task.WhenAll(new[] { name, name + "x" }.Select(id => ground.Client.ReadAsync($"/tenants/{id}")))).Count(reply => (int)reply.Status == 200));
            case "key":
                return new($"{path}/keys", """{"name":"n","role":"viewer"}""", """{"role":"viewer","name":"n"}""", () => CountAsync($"{path}/keys"));
            case "rotation":
                var old = (await ground.Client.CallAsync("POST", $"{path}/keys", """{"name":"n","role":"viewer"}""")).Body!["keyId"];
                return new($"{path}/keys/{old}/rotate", """{"overlapSeconds":5}""", """{"overlapSeconds":6}""", () => CountAsync($"{path}/keys"));
            case "agent":
                return new("/agents", AgentKit.Profile(name, tenant, "noop").ToJsonString(), AgentKit.Profile(name + "x", tenant, "noop").ToJsonString(), () => CountAsync($"/agents?tenant={tenant}"));
            case "shared agent":
                return new("/agents", AgentKit.Profile(name, null, "unclaimed").ToJsonString(), AgentKit.Profile(name + "x", null, "unclaimed").ToJsonString(), () => AgentsAsync(name));
            case "run":
                return new($"{path}/runs", Run("a"), Run("b"), () => CountAsync($"{path}/runs"));
            case "gateway":
                return new("/a2a/foreman", $$"""{"tenantId":"{{tenant}}","runType":"never"}""", $$"""{"tenantId":"{{tenant}}","runType":"never","priority":"low"}""", () => CountAsync($"{path}/runs"));
            case "trigger":
                await ground.Client.CallAsync("PUT", $"{path}/schedules/s", $$"""{"everySeconds":86400,"run":{{Run("a")}}}""");
                return new($"{path}/schedules/s/trigger", null, "{}", () => CountAsync($"{path}/runs"));
            case "replay":
                return new($"{path}/dead-letters/{await FailAsync(tenant)}.one/replay", null, "{}", () => CountAsync($"{path}/runs"));
            default:
                await FailAsync(tenant);
                return new($"{path}/dead-letters/replay", """{"limit":5}""", """{"limit":6}""", () => AuditedAsync(path));
        }
    }

    private async Task<string> FailAsync(string tenant)
    {
        var agent = await ground.AgentAsync(tenant);
        var run = (await ground.Client.SubmitAsync(tenant)).RunId;
        await agent.OutcomeAsync(await agent.ClaimOneAsync(), "failure", "permission denied");
        await ground.Client.EndAsync(tenant, run);
        return run;
    }

    private Task<Reply> SendAsync(string path, string? body, string key = "k") => ground.Client.CallAsync("POST", path, body, (Header, path is "/tenants" && key == "k" ? Only(body) : path == "/agents" && key == "k" ? Only(body) : key));

    // Of calls whose keys all tenants share.
    private static string Only(string? body) => (JsonNode.Parse(body!)!["id"] ?? JsonNode.Parse(body!)!["name"])!.GetValue<string>().TrimEnd('x');

    private async Task<int> CountAsync(string path) => (await ground.Client.ReadAsync($"{path}{(path.Contains('?') ? '&' : '?')}limit=100")).Body!["items"]!.AsArray().Count;

    private async Task<int> AuditedAsync(string path) =>
        (await ground.Client.ReadAsync($"{path}/audit?limit=100")).Body!["items"]!.AsArray().Count(item => (string)item!["action"]! == "dead-letter.replayed");

    private async Task<int> AgentsAsync(string name)
    {
        var (count, after) = (0, "");
        do
        {
            var page = (await ground.Client.ReadAsync($"/agents?limit=100{after}")).Body!;
            count += page["items"]!.AsArray().Count(item => ((string)item!["name"]!).StartsWith(name, StringComparison.Ordinal));
            after = page["next"] is { } next ? $"&after={next}" : "";
        }
        while (after.Length > 0);
        return count;
    }

    private static async Task<string[]> TextsAsync(IEnumerable<Reply> replies) =>
        [.. (await Task.WhenAll(replies.Select(reply => reply.Message.Content.ReadAsStringAsync()))).Distinct(StringComparer.Ordinal)];

    private static string Tenant(string id) => $$"""{"id":"{{id}}","name":"Söhne & Co","plan":"pro"}""";

    private static string Run(string name) => $$"""{"name":"{{name}}","tasks":[{"name":"one","type":"never"}]}""";
}
