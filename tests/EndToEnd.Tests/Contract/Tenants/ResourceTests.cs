using System.Text.Json.Nodes;
using Headgate.EndToEnd.Tests.Contract.Kit;

namespace Headgate.EndToEnd.Tests.Contract.Tenants;

public class ResourceTests(ContractHost ground) : IClassFixture<ContractHost>
{
    [SuiteFact]
    public async Task Resource_OfNoFields_IsTheDefaults()
    {
        var tenant = await ground.TenantAsync();

        var put = await ground.Client.CallAsync("PUT", $"/tenants/{tenant}/resources/main", "");

        Assert.Equal(
            """{"name":"main","state":"closed","since":null,"until":null,"reason":null,"heldBy":null,"maxConcurrent":null,"typeLimits":{},"failuresToOpen":5,"openSeconds":60,"failuresInARow":0,"maxAtOnce":null,"inUse":null,"waiting":null}""",
            put.Body!.ToJsonString());
        var read = (await ground.Client.ReadAsync($"/tenants/{tenant}/resources/main")).Body!;
        Assert.Equal(0, (int)read["waiting"]!);
        read["waiting"] = null;
        Assert.Equal(put.Body.ToJsonString(), read.ToJsonString());
        Assert.Equal("main", (string?)Assert.Single((await ground.Client.ReadAsync($"/tenants/{tenant}/resources")).Body!["items"]!.AsArray())!["name"]);
    }

    [SuiteTheory]
    [InlineData("""{"maxConcurrent":1}""")]
    [InlineData("""{"maxConcurrent":200,"typeLimits":{"prune":200,"check":0}}""")]
    [InlineData("""{"maxConcurrent":null,"typeLimits":{"prune":1}}""")]
    [InlineData("""{"failuresToOpen":1,"openSeconds":3600}""")]
    [InlineData("""{"failuresToOpen":100,"openSeconds":1}""")]
    public async Task Resource_JustInsideTheRanges_IsTaken(string body) =>
        Refused.Not(System.Net.HttpStatusCode.OK, await ground.Client.CallAsync("PUT", $"/tenants/{await ground.TenantAsync()}/resources/r", body));

    [SuiteTheory]
    [InlineData("""{"maxConcurrent":0}""", "maxConcurrent")]
    [InlineData("""{"maxConcurrent":201}""", "maxConcurrent")]
    [InlineData("""{"maxConcurrent":2,"typeLimits":{"prune":3}}""", "typeLimits.prune")]
    [InlineData("""{"typeLimits":{"prune":-1,"Bad":1}}""", "typeLimits.Bad", "typeLimits.prune")]
    [InlineData("""{"failuresToOpen":0,"openSeconds":3601,"x":1}""", "failuresToOpen", "openSeconds", "x")]
    public async Task Resource_JustOutsideTheRanges_IsRefusedWithEveryProblem(string body, params string[] paths)
    {
        var tenant = await ground.TenantAsync();

        Refused.At(await ground.Client.CallAsync("PUT", $"/tenants/{tenant}/resources/r", body), paths);
        Refused.With(404, "resource-not-found", await ground.Client.ReadAsync($"/tenants/{tenant}/resources/r"));
    }

    [SuiteFact]
    public async Task Resource_OneMoreThan500_IsRefusedAndHeldOnesCount()
    {
        var tenant = await ground.TenantAsync();
        await ground.Client.CallAsync("POST", $"/tenants/{tenant}/resources/held/hold", """{"reason":"r"}""");
        for (var i = 1; i < 500; i++)
            Assert.Equal(200, (int)(await ground.Client.CallAsync("PUT", $"/tenants/{tenant}/resources/r{i}", "{}")).Status);

        Refused.With(409, "resource-limit", await ground.Client.CallAsync("PUT", $"/tenants/{tenant}/resources/more", "{}"));
        Refused.With(409, "resource-limit", await ground.Client.CallAsync("POST", $"/tenants/{tenant}/resources/more/hold", """{"reason":"r"}"""));
        Assert.Equal(200, (int)(await ground.Client.CallAsync("PUT", $"/tenants/{tenant}/resources/held", "{}")).Status);
    }

    [SuiteTheory]
    [InlineData("A9_-", 200)]
    [InlineData("_a", 400)]
    [InlineData("a.b", 400)]
    [InlineData("a:b", 400)]
    public async Task Resource_Name_FollowsTheGrammarOfAPolicys(string name, int status) =>
        Assert.Equal(status, (int)(await ground.Client.CallAsync("PUT", $"/tenants/{await ground.TenantAsync()}/resources/{name}", "{}")).Status);

    [SuiteTheory]
    [InlineData("""{"resources":["a","a"]}""", "tasks[0].resources")]
    [InlineData("""{"resources":["-a"]}""", "tasks[0].resources[0]")]
    [InlineData("""{"resources":["1","2","3","4","5","6","7","8","9"]}""", "tasks[0].resources")]
    [InlineData("""{"resources":"a"}""", "tasks[0].resources")]
    public async Task Submit_ResourcesThatCannotBe_AreRefused(string fields, string path) =>
        Refused.At(await ground.Client.SubmitAsync(await ground.TenantAsync(), RunKit.With(fields)), path);

    [SuiteFact]
    public async Task Task_NamesResources_ShowsThem()
    {
        var tenant = await ground.TenantAsync();

        var named = (await ground.Client.SubmitAsync(tenant, Named("b", "a"))).RunId;
        var plain = (await ground.Client.SubmitAsync(tenant)).RunId;

        Assert.Equal("""["b","a"]""", (await ground.Client.RunAsync(tenant, named)).TaskOf()["resources"]!.ToJsonString());
        Assert.Equal("[]", (await ground.Client.RunAsync(tenant, plain)).TaskOf()["resources"]!.ToJsonString());
    }

    [SuiteFact]
    public async Task Task_BehindAFullResource_SaysSoAndGoesWhenTheOtherEnds()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        await ground.Client.CallAsync("PUT", $"/tenants/{tenant}/resources/main", """{"maxConcurrent":1}""");
        await ground.Client.SubmitAsync(tenant, Named("main"));
        var first = await agent.ClaimOneAsync();
        var second = (await ground.Client.SubmitAsync(tenant, Named("main"))).RunId;

        var task = (await ground.Client.UntilAsync(tenant, second, run => run.TaskIs("one", "ready"))).TaskOf();
        Assert.Equal("resource:main", (string?)task["waitingFor"]);
        Assert.Empty(await agent.ClaimAsync(10));
        var resource = (await ground.Client.ReadAsync($"/tenants/{tenant}/resources/main")).Body!;
        Assert.Equal((1, 1), ((int)resource["inUse"]!, (int)resource["waiting"]!));

        await agent.OutcomeAsync(first);
        Assert.Equal(second, (string?)(await agent.ClaimOneAsync())["runId"]);
    }

    [SuiteFact]
    public async Task Put_HigherLimit_LetsWhatWaitsGoAtOnce()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        await ground.Client.CallAsync("PUT", $"/tenants/{tenant}/resources/main", """{"maxConcurrent":1}""");
        await ground.Client.SubmitAsync(tenant, Named("main"));
        await agent.ClaimOneAsync();
        var second = (await ground.Client.SubmitAsync(tenant, Named("main"))).RunId;
        await ground.Client.UntilAsync(tenant, second, run => run.TaskIs("one", "ready"));
        Assert.Empty(await agent.ClaimAsync(10));

        await ground.Client.CallAsync("PUT", $"/tenants/{tenant}/resources/main", """{"maxConcurrent":2}""");

        await agent.ClaimOneAsync();
    }

    [SuiteFact]
    public async Task Result_CredentialsRefused_HoldsTheResourceUntilItIsReleased()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        for (var i = 0; i < 3; i++)
            await ground.Client.UntilAsync(tenant, (await ground.Client.SubmitAsync(tenant, Named("main"))).RunId, run => run.TaskIs("one", "ready"));

        Assert.Equal("failed", await agent.OutcomeAsync(await agent.ClaimOneAsync(), "failure", "wrong password or no key found: permission denied"));

        Assert.Empty(await agent.ClaimAsync(10));
        var held = (await ground.Client.ReadAsync($"/tenants/{tenant}/resources/main")).Body!;
        Assert.Equal(("held", null, 2), ((string?)held["state"], (string?)held["heldBy"], (int)held["waiting"]!));
        var released = await ground.Client.CallAsync("POST", $"/tenants/{tenant}/resources/main/release", "");
        Assert.Equal(("closed", 1), ((string?)released.Body!["state"], (int)released.Body["maxAtOnce"]!));
        var next = await agent.ClaimOneAsync();
        Assert.Empty(await agent.ClaimAsync(10));
        await agent.OutcomeAsync(next);
        await agent.ClaimOneAsync();
    }

    [SuiteFact]
    public async Task Result_AsksToBeLeftAlone_OpensTheResource()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        await ground.Client.SubmitAsync(tenant, Named("main"));
        var result = Agent.Result(await agent.ClaimOneAsync(), "failure", "429 Too Many Requests");
        result["retryAfterSeconds"] = 600;

        Assert.Equal(200, (int)(await agent.Client.PostAsync($"/agents/{agent.Id}/task-results", result)).Status);

        var open = (await ground.Client.ReadAsync($"/tenants/{tenant}/resources/main")).Body!;
        Assert.Equal("open", (string?)open["state"]);
        Assert.Equal(600, ((DateTimeOffset)open["until"]! - (DateTimeOffset)open["since"]!).TotalSeconds);
    }

    [SuiteTheory]
    [InlineData(-1)]
    [InlineData(86_401)]
    public async Task Result_WaitOutOfRange_IsRefused(int seconds)
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        await ground.Client.SubmitAsync(tenant);
        var result = Agent.Result(await agent.ClaimOneAsync(), "failure");
        result["retryAfterSeconds"] = seconds;

        Refused.At(await agent.Client.PostAsync($"/agents/{agent.Id}/task-results", result), "retryAfterSeconds");
    }

    [SuiteFact]
    public async Task Hold_AndRelease_RefuseWhatIsDoneAlready()
    {
        var tenant = await ground.TenantAsync();
        var path = $"/tenants/{tenant}/resources/main";
        Refused.At(await ground.Client.CallAsync("POST", $"{path}/hold", "{}"), "reason");
        Refused.With(404, "resource-not-found", await ground.Client.CallAsync("POST", $"{path}/release", ""));

        var held = await ground.Client.CallAsync("POST", $"{path}/hold", """{"reason":"disk swap"}""");
        Assert.Equal(("held", "disk swap"), ((string?)held.Body!["state"], (string?)held.Body["reason"]));
        Refused.Exactly(409, """{"error":"Resource is already held","code":"already-held","state":"held"}""", await ground.Client.CallAsync("POST", $"{path}/hold", """{"reason":"again"}"""));
        Assert.Equal(200, (int)(await ground.Client.CallAsync("POST", $"{path}/release", "")).Status);
        Refused.With(409, "not-held", await ground.Client.CallAsync("POST", $"{path}/release", ""));
    }

    [SuiteFact]
    public async Task Changes_OfAResource_AreAuditedOnce()
    {
        var tenant = await ground.TenantAsync();
        var path = $"/tenants/{tenant}/resources/main";
        await ground.Client.CallAsync("PUT", path, """{"maxConcurrent":2}""");
        await ground.Client.CallAsync("PUT", path, """{"maxConcurrent":2}""");
        await ground.Client.CallAsync("POST", $"{path}/hold", """{"reason":"disk swap"}""");
        await ground.Client.CallAsync("POST", $"{path}/release", """{"reason":"done"}""");

        var entries = (await ground.Client.ReadAsync($"/tenants/{tenant}/audit?limit=100")).Body!["items"]!.AsArray()
            .Where(entry => ((string)entry!["action"]!).StartsWith("resource.", StringComparison.Ordinal))
            .Select(entry => $"{entry!["action"]} {entry["target"]} {entry["reason"]}");
        Assert.Equal(["resource.released main done", "resource.held main disk swap", "resource.written main "], entries);
    }

    [SuiteFact]
    public async Task Calls_OfMembers_GoByTheirRights()
    {
        var tenant = await ground.TenantAsync();
        var (viewer, admin) = (await ground.MemberAsync(tenant, "viewer"), await ground.MemberAsync(tenant, "admin"));

        Assert.Equal(200, (int)(await admin.CallAsync("PUT", $"/tenants/{tenant}/resources/main", "{}")).Status);
        Assert.Equal(200, (int)(await viewer.ReadAsync($"/tenants/{tenant}/resources/main")).Status);
        Refused.With(403, "insufficient-permission", await viewer.CallAsync("POST", $"/tenants/{tenant}/resources/main/hold", """{"reason":"x"}"""));
        var other = await ground.TenantAsync();
        Refused.With(404, "tenant-not-found", await admin.ReadAsync($"/tenants/{other}/resources"));
    }

    [SuiteFact]
    public async Task List_OfManyResources_ComesInPages()
    {
        var tenant = await ground.TenantAsync();
        foreach (var name in new[] { "c", "a", "b-1", "b" })
            await ground.Client.CallAsync("PUT", $"/tenants/{tenant}/resources/{name}", "{}");

        var first = (await ground.Client.ReadAsync($"/tenants/{tenant}/resources?limit=3")).Body!;
        var second = (await ground.Client.ReadAsync($"/tenants/{tenant}/resources?limit=3&after={first["next"]}")).Body!;

        Assert.Equal(["a", "b", "b-1", "c"], first["items"]!.AsArray().Concat(second["items"]!.AsArray()).Select(item => (string)item!["name"]!));
        Assert.Null(second["next"]);
    }

    private static JsonObject Named(params string[] resources) => RunKit.With($$"""{"resources":[{{string.Join(',', resources.Select(name => $"\"{name}\""))}}]}""");
}
