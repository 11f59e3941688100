using System.Net;
using Headgate.EndToEnd.Tests.Contract.Kit;

namespace Headgate.EndToEnd.Tests.Contract.Tenants;

public class StatusTests(ContractHost ground) : IClassFixture<ContractHost>
{
    [SuiteFact]
    public async Task Pause_ActiveTenant_AnswersAndKeepsItsRecord()
    {
        var tenant = await ground.TenantAsync();

        var paused = await ground.Client.CallAsync("POST", $"/tenants/{tenant}/pause", """{"reason":"flood"}""");
        var read = await ground.Client.ReadAsync($"/tenants/{tenant}");

        Assert.Equal(HttpStatusCode.OK, paused.Status);
        Assert.Equal("""{"success":true,"status":"paused","message":"Tenant paused. New runs will be rejected until resumed."}""", paused.Body!.ToJsonString());
        Assert.Equal("paused", (string?)read.Body!["status"]);
        Assert.Equal("flood", (string?)read.Body["pause"]!["reason"]);
        Assert.False(string.IsNullOrEmpty((string?)read.Body["pause"]!["actor"]));
        read.Body["pause"]!["at"].Time();
        Assert.Null(read.Body["pause"]!["until"]);
    }

    [SuiteFact]
    public async Task Resume_PausedTenant_AnswersAndForgetsThePause()
    {
        var tenant = await ground.TenantAsync();
        await ground.Client.PostAsync($"/tenants/{tenant}/pause");

        var resumed = await ground.Client.PostAsync($"/tenants/{tenant}/resume");
        var read = await ground.Client.ReadAsync($"/tenants/{tenant}");

        Assert.Equal("""{"success":true,"status":"active","message":"Tenant resumed. New runs will be accepted."}""", resumed.Body!.ToJsonString());
        Assert.Equal("active", (string?)read.Body!["status"]);
        Assert.Null(read.Body["pause"]);
        Assert.Equal(HttpStatusCode.Accepted, (await ground.Client.SubmitAsync(tenant)).Status);
    }

    [SuiteFact]
    public async Task PauseAndResume_FromTheWrongStatus_AreConflictsThatNameIt()
    {
        var tenant = await ground.TenantAsync();

        Refused.Exactly(409, """{"error":"Tenant is not paused","code":"not-paused","status":"active"}""", await ground.Client.PostAsync($"/tenants/{tenant}/resume"));
        await ground.Client.PostAsync($"/tenants/{tenant}/pause");
        Refused.Exactly(409, """{"error":"Tenant is already paused","code":"already-paused","status":"paused"}""", await ground.Client.PostAsync($"/tenants/{tenant}/pause"));
        await MoveAsync(tenant, "deactivate");
        Refused.Exactly(409, """{"error":"Can only pause active tenants","code":"not-active","status":"deactivated"}""", await ground.Client.PostAsync($"/tenants/{tenant}/pause"));
        Refused.Exactly(409, """{"error":"Tenant is not paused","code":"not-paused","status":"deactivated"}""", await ground.Client.PostAsync($"/tenants/{tenant}/resume"));
    }

    [SuiteTheory]
    [InlineData("active", "suspend", 200)]
    [InlineData("active", "deactivate", 200)]
    [InlineData("active", "activate", 409)]
    [InlineData("suspend", "activate", 200)]
    [InlineData("suspend", "deactivate", 200)]
    [InlineData("suspend", "suspend", 409)]
    [InlineData("pause", "activate", 200)]
    [InlineData("pause", "deactivate", 200)]
    [InlineData("pause", "suspend", 409)]
    [InlineData("deactivate", "activate", 200)]
    [InlineData("deactivate", "suspend", 409)]
    [InlineData("deactivate", "deactivate", 409)]
    public async Task Move_OfATenant_FollowsTheTable(string before, string move, int status)
    {
        var tenant = await ground.TenantAsync();
        if (before != "active")
            await MoveAsync(tenant, before);
        var from = (string?)(await ground.Client.ReadAsync($"/tenants/{tenant}")).Body!["status"];

        var reply = await MoveAsync(tenant, move);

        var to = move switch { "suspend" => "suspended", "deactivate" => "deactivated", _ => "active" };
        Assert.Equal(status, (int)reply.Status);
        Assert.Equal(status == 200 ? to : from, (string?)(await ground.Client.ReadAsync($"/tenants/{tenant}")).Body!["status"]);
        if (status == 409)
        {
            Assert.Equal("invalid-transition", reply.Code);
            Assert.Equal((from, to), ((string?)reply.Body!["from"], (string?)reply.Body["to"]));
        }
    }

    [SuiteTheory]
    [InlineData("suspend", "suspended")]
    [InlineData("deactivate", "deactivated")]
    public async Task Submit_ToATenantThatIsNotActive_IsRefusedInTheWordsOfTheContract(string move, string status)
    {
        var tenant = await ground.TenantAsync();
        await MoveAsync(tenant, move);

        var body = $$"""{"error":"Tenant is not active","code":"tenant-not-active","status":"{{status}}","message":"Contact support to reactivate your account"}""";
        var reply = await ground.Client.SubmitAsync(tenant);

        Refused.Exactly(403, body, reply);
        Assert.Null(reply.Header("Retry-After"));
        Assert.Equal(0, await ground.Client.InFlightAsync(tenant));
        await MoveAsync(tenant, "activate");
        Assert.Equal(HttpStatusCode.Accepted, (await ground.Client.SubmitAsync(tenant)).Status);
    }

    [SuiteTheory]
    [InlineData("pause", """{"until":"2020-01-01T00:00:00Z"}""", "until")]
    [InlineData("pause", """{"until":"soon"}""", "until")]
    [InlineData("pause", """{"until":"2999-01-01T00:00:00"}""", "until")]
    [InlineData("pause", """{"reason":7,"until":7}""", "reason", "until")]
    [InlineData("pause", """{"reason":""}""", "reason")]
    [InlineData("pause", """{"reason":"a\u0000b"}""", "reason")]
    [InlineData("suspend", "{}", "reason")]
    [InlineData("suspend", """{"reason":null}""", "reason")]
    [InlineData("deactivate", """{"reason":[]}""", "reason")]
    [InlineData("activate", """{"reason":"x","until":"2999-01-01T00:00:00Z"}""", "until")]
    public async Task Move_WithAWrongBody_IsRefusedAndChangesNothing(string move, string body, params string[] paths)
    {
        var tenant = await ground.TenantAsync();

        Refused.At(await ground.Client.CallAsync("POST", $"/tenants/{tenant}/{move}", body), paths);

        Assert.Equal("active", (string?)(await ground.Client.ReadAsync($"/tenants/{tenant}")).Body!["status"]);
    }

    [SuiteFact]
    public async Task Pause_ManyAtOnce_OneWins()
    {
        var tenant = await ground.TenantAsync();

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ground.Client.PostAsync($"/tenants/{tenant}/pause")));

        Assert.Single(replies, reply => reply.Status == HttpStatusCode.OK);
        Assert.Equal(19, replies.Count(reply => reply.Code == "already-paused"));
    }

    [SuiteFact]
    public async Task PauseAndResume_HammeredAtOnce_LeaveATenantThatWorks()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        var run = (await ground.Client.SubmitAsync(tenant, Bodies.Run([.. Enumerable.Range(0, 20).Select(i => Bodies.Task($"t{i}"))]))).RunId;
        await ground.Client.UntilAsync(tenant, run, node => node["tasks"]!.AsArray().All(task => (string)task!["status"]! == "ready"));

        var claimed = 0;
        for (var i = 0; i < 10; i++)
        {
            var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => n % 2 == 0 ? ground.Client.PostAsync($"/tenants/{tenant}/pause") : ground.Client.PostAsync($"/tenants/{tenant}/resume")));
            Assert.All(replies, reply => Assert.True(reply.Status is HttpStatusCode.OK or HttpStatusCode.Conflict));
            var status = (string)(await ground.Client.ReadAsync($"/tenants/{tenant}")).Body!["status"]!;
            var tasks = status == "active" ? await agent.ClaimSomeAsync(1) : await agent.ClaimAsync(1);
            Assert.Equal(status == "active" ? 1 : 0, tasks.Count);
            claimed += tasks.Count;
        }

        await ground.Client.PostAsync($"/tenants/{tenant}/resume");
        while (claimed < 20)
            claimed += Assert.IsType<System.Text.Json.Nodes.JsonArray>(await agent.ClaimAsync(20, 20)).Count;
        Assert.Equal(20, claimed);
    }

    [SuiteFact]
    public async Task Audit_OfStatusChanges_SaysWhoWhatAndWhy()
    {
        var tenant = await ground.TenantAsync();
        using var admin = await ground.MemberAsync(tenant, "admin");
        await admin.CallAsync("POST", $"/tenants/{tenant}/pause", """{"reason":"flood"}""");
        await admin.PostAsync($"/tenants/{tenant}/resume");

        var items = (await admin.ReadAsync($"/tenants/{tenant}/audit")).Body!["items"]!.AsArray();

        Assert.Equal(["tenant.resumed", "tenant.paused", "key.created", "tenant.created"], items.Select(item => (string)item!["action"]!));
        Assert.Equal("flood", (string?)items[1]!["reason"]);
        Assert.NotEqual((string?)items[1]!["actor"], (string?)items[3]!["actor"]);
    }

    [SuiteFact]
    public async Task Audit_OfWhatAnOperatorDoes_HasEveryWrite()
    {
        var tenant = await ground.TenantAsync();
        await ground.Client.CallAsync("PUT", $"/tenants/{tenant}/policies/p", "{}");
        var run = (await ground.Client.SubmitAsync(tenant)).RunId;
        await ground.Client.PostAsync($"/tenants/{tenant}/runs/{run}/cancel");
        await ground.Client.CallAsync("POST", "/a2a/foreman", $$"""{"tenantId":"{{tenant}}","runType":"noop"}""");
        var agent = await ground.AgentAsync(tenant);
        await ground.Client.CallAsync("DELETE", $"/agents/{agent.Id}");

        var items = (await ground.Client.ReadAsync($"/tenants/{tenant}/audit")).Body!["items"]!.AsArray();

        Assert.Equal(8, items.Count);
        Assert.All(items, item => Assert.Equal(["at", "actor", "action", "target", "reason"], item.Fields()));
        Assert.Single(items.Select(item => (string)item!["actor"]!).Distinct());
    }

    private Task<Reply> MoveAsync(string tenant, string move) => ground.Client.CallAsync("POST", $"/tenants/{tenant}/{move}", """{"reason":"test"}""");
}
