using System.Net;
using Headgate.EndToEnd.Tests.Contract.Kit;

namespace Headgate.EndToEnd.Tests.Contract.Submission;

public class GatewayTests(ContractHost ground) : IClassFixture<ContractHost>
{
    [SuiteFact]
    public async Task Foreman_WithoutTasks_MakesARunOfOneTaskAndShowsIt()
    {
        var tenant = await ground.TenantAsync();
        var agent = await ground.AgentAsync(tenant, types: "triage");

        var reply = await SendAsync($$$"""{"tenantId":"{{{tenant}}}","runType":"triage","payload":{"a":1},"trigger":"webhook","metadata":{"m":1}}""");
        var task = await agent.ClaimOneAsync();

        Assert.Equal(HttpStatusCode.Accepted, reply.Status);
        Assert.Equal(reply.RunId, (string?)task["runId"]);
        Assert.Equal(reply.Header("Location"), (string?)reply.Body!["links"]!["self"]);
        Assert.Equal((tenant, "pending", "triage"), ((string?)reply.Body["tenantId"], (string?)reply.Body["status"], (string?)reply.Body.TaskOf("triage")["type"]));
        Assert.Equal("""{"a":1}""", task["payload"]!.ToJsonString());
        Assert.Equal((await ground.Client.RunAsync(tenant, reply.RunId)).Fields(), reply.Body.Fields());
    }

    [SuiteFact]
    public async Task Foreman_WithTasks_MakesThatRun()
    {
        var tenant = await ground.TenantAsync();

        var reply = await SendAsync($$"""{"tenantId":"{{tenant}}","name":"graph","tasks":[{"name":"a","type":"noop"},{"name":"b","type":"noop","needs":["a"]}]}""");

        Assert.Equal(HttpStatusCode.Accepted, reply.Status);
        Assert.Equal(["a", "b"], reply.Body!["tasks"]!.AsArray().Select(task => (string)task!["name"]!));
        Assert.Equal(1, await ground.Client.InFlightAsync(tenant));
    }

    [SuiteFact]
    public async Task Foreman_Refusals_AreTheGatesWithTheTenant()
    {
        var tenant = await ground.TenantAsync("free");
        await ground.Client.SubmitAsync(tenant);

        Refused.Exactly(
            429,
            $$"""{"error":"Concurrency limit exceeded","code":"concurrency-limit","reason":"Concurrent run limit reached (1 concurrent runs on Free plan). Wait for existing runs to complete.","currentUsage":1,"limit":1,"plan":"free","tenantId":"{{tenant}}","retryAfter":30}""",
            await SendAsync($$"""{"tenantId":"{{tenant}}","runType":"noop"}"""));
        await ground.Client.PostAsync($"/tenants/{tenant}/pause");
        Refused.Exactly(
            503,
            $$"""{"error":"Tenant is temporarily paused","code":"tenant-paused","status":"paused","message":"Run processing is temporarily suspended. Try again later.","tenantId":"{{tenant}}","retryAfter":60}""",
            await SendAsync($$"""{"tenantId":"{{tenant}}","runType":"noop"}"""));
        await ground.Client.CallAsync("POST", $"/tenants/{tenant}/deactivate", """{"reason":"x"}""");
        Refused.Exactly(
            403,
            $$"""{"error":"Tenant is not active","code":"tenant-not-active","status":"deactivated","message":"Contact support to reactivate your account","tenantId":"{{tenant}}"}""",
            await SendAsync($$"""{"tenantId":"{{tenant}}","runType":"noop"}"""));
        Refused.Exactly(404, """{"error":"Tenant not found","code":"tenant-not-found","tenantId":"missing"}""", await SendAsync("""{"tenantId":"missing","runType":"noop"}"""));
    }

    [SuiteTheory]
    [InlineData("{}", "name", "runType", "tenantId")]
    [InlineData("""{"tenantId":"{t}","name":"x"}""", "runType")]
    [InlineData("""{"tenantId":"{t}","runType":"Bad"}""", "runType")]
    [InlineData("""{"tenantId":"{t}","runType":"noop","trigger":"magic"}""", "trigger")]
    [InlineData("""{"tenantId":"{t}","runType":"noop","repoUrl":"https://x"}""", "repoUrl")]
    [InlineData("""{"tenantId":"{t}","runType":"noop","runId":"a\u0000"}""", "runId")]
    [InlineData("""{"tenantId":"{t}","runType":"noop","metadata":7}""", "metadata")]
    [InlineData("""{"tenantId":"{t}","name":"x","tasks":[]}""", "tasks")]
    [InlineData("""{"tenantId":"{t}","name":"x","payload":{},"tasks":[{"name":"a","type":"noop"}]}""", "payload")]
    [InlineData("""{"tenantId":"{t}","name":"x","tasks":[{"name":"a","type":"noop","needs":["a"]}]}""", "tasks")]
    [InlineData("""{"tenantId":"../x","runType":"noop"}""", "tenantId")]
    public async Task Foreman_WrongBody_IsRefusedWithEveryProblem(string body, params string[] paths)
    {
        var tenant = await ground.TenantAsync();
        var reply = await SendAsync(body.Replace("{t}", tenant, StringComparison.Ordinal));

        Refused.At(reply, paths);
        Assert.Equal(0, await ground.Client.InFlightAsync(tenant));
    }

    [SuiteFact]
    public async Task Foreman_SameRunIdTwice_IsOneRun()
    {
        var tenant = await ground.TenantAsync();
        var body = $$"""{"tenantId":"{{tenant}}","runType":"noop","runId":"mine"}""";

        var first = await SendAsync(body);
        var second = await SendAsync(body);
        var other = await SendAsync(body.Replace("noop", "other", StringComparison.Ordinal));

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Accepted), (first.Status, second.Status));
        Assert.Equal(first.Body!.ToJsonString(), second.Body!.ToJsonString());
        Refused.With(422, "idempotency-mismatch", other);
        Assert.Equal(1, await ground.Client.InFlightAsync(tenant));
    }

    [SuiteFact]
    public async Task Foreman_ByRole_IsForDevelopersAndAbove()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        var body = $$"""{"tenantId":"{{tenant}}","runType":"noop"}""";
        using var viewer = await ground.MemberAsync(tenant, "viewer");
        using var developer = await ground.MemberAsync(tenant, "developer");
        using var stranger = await ground.MemberAsync(await ground.TenantAsync(), "owner");
        using var nobody = ground.NewClient(null);

        Refused.With(401, "unauthenticated", await nobody.CallAsync("POST", "/a2a/foreman", "{"));
        var forbidden = await viewer.CallAsync("POST", "/a2a/foreman", body);
        Refused.With(403, "insufficient-permission", forbidden);
        Assert.Equal(tenant, (string?)forbidden.Body!["tenantId"]);
        Refused.With(404, "tenant-not-found", await stranger.CallAsync("POST", "/a2a/foreman", body));
        Refused.With(404, "tenant-not-found", await agent.Client.CallAsync("POST", "/a2a/foreman", body));
        Assert.Equal(202, (int)(await developer.CallAsync("POST", "/a2a/foreman", body)).Status);
    }

    [SuiteTheory]
    [InlineData("/a2a/foreman?dry=1", """{"tenantId":"{t}","runType":"noop"}""", null, 400)]
    [InlineData("/a2a/foreman", """{"tenantId":"{t}","runType":"noop","repo":1}""", null, 400)]
    [InlineData("/a2a/foreman", """{"tenantId":"{t}","runType":"noop"}""", "too long", 400)]
    [InlineData("/a2a/foreman", """{"tenantId":"{t}","name":"x","tasks":[{"name":"a","type":"noop","policy":"none"}]}""", null, 400)]
    [InlineData("/a2a/foreman", """{"tenantId":"{t}","name":"x","tasks":[{"name":"a","type":"noop","agent":"none"}]}""", null, 400)]
    [InlineData("/a2a/foreman", """{"tenantId":"{t}","runType":"other"}""", "used", 422)]
    [InlineData("/a2a/foreman", """{"tenantId":"no-such","runType":"noop"}""", null, 404)]
    public async Task Foreman_RefusalOfAnyKind_NamesTheTenantOnceInBothFormats(string path, string body, string? key, int status)
    {
        var tenant = await ground.TenantAsync();
        await ground.Client.CallAsync("POST", "/a2a/foreman", $$"""{"tenantId":"{{tenant}}","runType":"noop"}""", ("Idempotency-Key", "used"));

        foreach (var accept in new[] { "application/json", "application/problem+json" })
        {
            var reply = await ground.Client.CallAsync("POST", path, body.Replace("{t}", tenant, StringComparison.Ordinal), [("Accept", accept), .. key is null ? [] : new[] { ("Idempotency-Key", key == "too long" ? new string('k', 256) : key) }]);

            Assert.Equal(status, (int)reply.Status);
            Assert.Equal(status == 404 ? "no-such" : tenant, (string?)reply.Body!["tenantId"]);
        }
    }

    [SuiteFact]
    public async Task Foreman_RefusalBeforeTheTenantIsKnown_NamesNone()
    {
        using var nobody = ground.NewClient(null);
        var body = $$"""{"tenantId":"{{await ground.TenantAsync()}}","runType":"noop"}""";

        foreach (var reply in new[] { await nobody.CallAsync("POST", "/a2a/foreman", body), await SendAsync(body + "{"), await SendAsync("""{"tenantId":"!"}""") })
            Assert.Null(reply.Body!["tenantId"]);
    }

    private Task<Reply> SendAsync(string body) => ground.Client.CallAsync("POST", "/a2a/foreman", body);
}
