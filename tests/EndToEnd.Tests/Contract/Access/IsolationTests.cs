using System.Net;
using Headgate.EndToEnd.Tests.Contract.Kit;

namespace Headgate.EndToEnd.Tests.Contract.Access;

/// <summary>What belongs to another tenant looks exactly like what does not exist.</summary>
public class IsolationTests(ContractHost ground) : IClassFixture<ContractHost>
{
    [SuiteTheory]
    [InlineData("GET", "", "run-not-found")]
    [InlineData("GET", "/timeline", "run-not-found")]
    [InlineData("POST", "/cancel", "run-not-found")]
    public async Task Run_OfAnotherTenant_IsLikeAMissingOne(string method, string path, string code)
    {
        var (mine, theirs) = (await ground.TenantAsync(), await ground.TenantAsync());
        var run = (await ground.Client.SubmitAsync(theirs)).RunId;
        using var owner = await ground.MemberAsync(mine, "owner");

        foreach (var client in new[] { owner, ground.Client })
        {
            var foreign = await client.CallAsync(method, $"/tenants/{mine}/runs/{run}{path}");
            var missing = await client.CallAsync(method, $"/tenants/{mine}/runs/none{path}");
            Refused.Exactly(404, $$"""{"error":"Run not found","code":"{{code}}","runId":"{{run}}"}""", foreign);
            Refused.Exactly(404, $$"""{"error":"Run not found","code":"{{code}}","runId":"none"}""", missing);
        }

        Assert.NotEqual("cancelled", (string?)(await ground.Client.RunAsync(theirs, run))["status"]);
    }

    [SuiteFact]
    public async Task Task_OfAnotherTenant_IsLikeAMissingOne()
    {
        var (mine, theirs) = (await ground.TenantAsync(), await ground.TenantAsync());
        var run = (await ground.Client.SubmitAsync(theirs)).RunId;
        await ground.Client.UntilAsync(theirs, run, node => node.TaskIs("one", "ready"));
        using var owner = await ground.MemberAsync(mine, "owner");
        using var theirViewer = await ground.MemberAsync(theirs, "viewer");
        var agent = await ground.AgentAsync(theirs);
        using var nobody = ground.NewClient(null);

        Assert.Equal(HttpStatusCode.OK, (await theirViewer.ReadAsync($"/tasks/{run}.one")).Status);
        Assert.Equal(HttpStatusCode.OK, (await ground.Client.ReadAsync($"/tasks/{run}.one")).Status);
        Refused.Exactly(404, $$"""{"error":"Task not found","code":"task-not-found","taskId":"{{run}}.one"}""", await owner.ReadAsync($"/tasks/{run}.one"));
        Refused.Exactly(404, $$"""{"error":"Task not found","code":"task-not-found","taskId":"{{run}}.two"}""", await owner.ReadAsync($"/tasks/{run}.two"));
        Refused.With(404, "task-not-found", await agent.Client.ReadAsync($"/tasks/{run}.one"));
        Refused.With(401, "unauthenticated", await nobody.ReadAsync($"/tasks/{run}.one"));
    }

    [SuiteFact]
    public async Task Key_OfAnotherTenant_CannotBeRevoked()
    {
        var (mine, theirs) = (await ground.TenantAsync(), await ground.TenantAsync());
        using var owner = await ground.MemberAsync(mine, "owner");
        var key = (await ground.Client.CallAsync("POST", $"/tenants/{theirs}/keys", """{"name":"k","role":"viewer"}""")).Body!;
        using var holder = ground.NewClient((string)key["key"]!);

        foreach (var client in new[] { owner, ground.Client })
            Refused.With(404, "key-not-found", await client.CallAsync("DELETE", $"/tenants/{mine}/keys/{key["keyId"]}"));

        Assert.Equal(HttpStatusCode.OK, (await holder.ReadAsync($"/tenants/{theirs}")).Status);
    }

    [SuiteFact]
    public async Task Pin_ToAnotherTenantsAgent_IsRefusedLikeAMissingOne()
    {
        var mine = await ground.TenantAsync();
        var (_, theirs) = await ground.TenantWithAgentAsync();

        var foreign = await ground.Client.SubmitAsync(mine, RunKit.Pinned(theirs.Id));
        var missing = await ground.Client.SubmitAsync(mine, RunKit.Pinned("agt-none"));

        Refused.At(foreign, "tasks[0].agent");
        Refused.At(missing, "tasks[0].agent");
        Assert.Equal(
            Refused.Message(missing, "tasks[0].agent").Replace("agt-none", "X", StringComparison.Ordinal),
            Refused.Message(foreign, "tasks[0].agent").Replace(theirs.Id, "X", StringComparison.Ordinal));
        Assert.Equal(0, await ground.Client.InFlightAsync(mine));
    }

    [SuiteFact]
    public async Task Lists_OfOneTenant_ShowNothingOfAnother()
    {
        var (mine, theirs) = (await ground.TenantAsync(), await ground.TenantAsync());
        await ground.Client.SubmitAsync(theirs);
        await ground.AgentAsync(theirs);
        await ground.Client.CallAsync("PUT", $"/tenants/{theirs}/policies/secret", "{}");
        using var owner = await ground.MemberAsync(mine, "owner");

        Assert.Empty((await owner.ReadAsync($"/tenants/{mine}/runs")).Body!["items"]!.AsArray());
        Assert.Empty((await owner.ReadAsync($"/agents?tenant={mine}")).Body!["items"]!.AsArray());
        Assert.Empty((await owner.ReadAsync("/agents")).Body!["items"]!.AsArray());
        Assert.DoesNotContain("secret", (await owner.ReadAsync($"/tenants/{mine}/policies")).Body!.ToJsonString(), StringComparison.Ordinal);
    }

    [SuiteFact]
    public async Task Claim_ByATenantsAgent_NeverGivesAnotherTenantsTask()
    {
        var (mine, theirs) = (await ground.TenantAsync(), await ground.TenantAsync());
        var agent = await ground.AgentAsync(mine);
        var run = (await ground.Client.SubmitAsync(theirs)).RunId;
        await ground.Client.UntilAsync(theirs, run, node => node.TaskIs("one", "ready"));

        Assert.Empty(await agent.ClaimAsync());
    }

    [SuiteFact]
    public async Task Result_OfAnotherTenantsTask_IsLikeAMissingTask()
    {
        var (theirs, their) = await ground.TenantWithAgentAsync();
        var (_, mine) = await ground.TenantWithAgentAsync();
        await ground.Client.SubmitAsync(theirs);
        var task = await their.ClaimOneAsync();

        var reply = await mine.ReportAsync(task);

        Refused.Exactly(404, $$"""{"error":"Task not found","code":"task-not-found","taskId":"{{task["taskId"]}}"}""", reply);
    }

    [SuiteFact]
    public async Task Tenant_MissingAltogether_Is404ForTheOperatorOnEveryCall()
    {
        foreach (var (method, path, body) in new[]
        {
            ("GET", "", null), ("PATCH", "", """{"name":"x"}"""), ("POST", "/pause", null), ("POST", "/resume", null), ("POST", "/suspend", """{"reason":"x"}"""),
            ("GET", "/keys", null), ("POST", "/keys", """{"name":"x","role":"viewer"}"""), ("GET", "/policies", null), ("GET", "/policies/default", null), ("PUT", "/policies/p", "{}"),
            ("GET", "/resources", null), ("GET", "/resources/r", null), ("PUT", "/resources/r", "{}"), ("POST", "/resources/r/hold", """{"reason":"r"}"""), ("POST", "/resources/r/release", null),
            ("GET", "/runs", null), ("POST", "/runs", """{"name":"x","tasks":[{"name":"a","type":"noop"}]}"""), ("GET", "/dead-letters", null), ("GET", "/audit", null),
        })
        {
            Refused.Exactly(404, """{"error":"Tenant not found","code":"tenant-not-found","tenantId":"missing"}""", await ground.Client.CallAsync(method, "/tenants/missing" + path, body));
        }
    }
}
