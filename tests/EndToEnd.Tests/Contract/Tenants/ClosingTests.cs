using System.Net;
using Headgate.EndToEnd.Tests.Contract.Kit;

namespace Headgate.EndToEnd.Tests.Contract.Tenants;

/// <summary>What becomes of a tenant's work when it is suspended, deactivated or deleted.</summary>
public class ClosingTests(ContractHost ground) : IClassFixture<ContractHost>
{
    [SuiteFact]
    public async Task Suspend_WhileAnAgentWorks_TellsItToStop()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        var run = await ground.Client.SubmitAsync(tenant);
        var task = await agent.ClaimOneAsync();
        var beat = await agent.BeatAsync("s1", task);
        Assert.Empty(beat.Done["cancel"]!.AsArray());

        await MoveAsync(tenant, "suspend");

        Assert.Equal((string?)task["taskId"], (string?)Assert.Single((await agent.BeatAsync("s1", task)).Done["cancel"]!.AsArray()));
        await agent.OutcomeAsync(task, "cancelled");
        Assert.Equal("cancelled", (string?)(await ground.Client.EndAsync(tenant, run.RunId))["tasks"]![0]!["status"]);
    }

    [SuiteFact]
    public async Task Suspend_RunThatWaits_StaysAndGoesOnLater()
    {
        var tenant = await ground.TenantAsync();
        var run = await ground.Client.SubmitAsync(tenant);
        await ground.Client.UntilAsync(tenant, run.RunId, found => found.TaskIs("one", "ready"));

        await MoveAsync(tenant, "suspend");
        Assert.Null((await ground.Client.RunAsync(tenant, run.RunId))["finishedAt"]);
        await MoveAsync(tenant, "activate");

        var agent = await ground.AgentAsync(tenant);
        await agent.OutcomeAsync(await agent.ClaimOneAsync());
        Assert.Equal("completed", (string?)(await ground.Client.EndAsync(tenant, run.RunId))["status"]);
    }

    [SuiteFact]
    public async Task Deactivate_Runs_AreCancelledAndGiveTheirSlotsBack()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        var held = await ground.Client.SubmitAsync(tenant);
        var task = await agent.ClaimOneAsync();
        var waiting = await ground.Client.SubmitAsync(tenant, RunKit.With("""{"type":"never"}"""));

        await MoveAsync(tenant, "deactivate");
        await agent.OutcomeAsync(task, "cancelled");

        foreach (var run in new[] { held, waiting })
            Assert.Equal("cancelled", (string?)(await ground.Client.EndAsync(tenant, run.RunId))["status"]);
        Assert.Equal(0, await ground.Client.InFlightAsync(tenant));
    }

    [SuiteFact]
    public async Task Deactivate_PausedTenantsPendingRun_IsCancelled()
    {
        var tenant = await ground.TenantAsync();
        await ground.Client.PostAsync($"/tenants/{tenant}/pause");
        await ground.Client.PostAsync($"/tenants/{tenant}/resume");
        var run = await ground.Client.SubmitAsync(tenant);
        await ground.Client.PostAsync($"/tenants/{tenant}/pause");

        await MoveAsync(tenant, "deactivate");

        Assert.Equal("cancelled", (string?)(await ground.Client.EndAsync(tenant, run.RunId))["status"]);
    }

    [SuiteFact]
    public async Task Delete_Tenant_ClosesItAndCanBeTakenBack()
    {
        var tenant = await ground.TenantAsync();
        using var owner = await ground.MemberAsync(tenant, "owner");
        var run = await ground.Client.SubmitAsync(tenant);
        var body = $$"""{"confirm":"{{tenant}}"}""";

        Refused.At(await ground.Client.CallAsync("DELETE", $"/tenants/{tenant}"), "confirm");
        Refused.At(await ground.Client.CallAsync("DELETE", $"/tenants/{tenant}", """{"confirm":"other","x":1}"""), "confirm", "x");
        Refused.With(403, "insufficient-permission", await owner.CallAsync("DELETE", $"/tenants/{tenant}", body));
        Refused.With(404, "tenant-not-found", await ground.Client.CallAsync("DELETE", "/tenants/no-such-tenant", """{"confirm":"no-such-tenant"}"""));
        var deleted = await ground.Client.CallAsync("DELETE", $"/tenants/{tenant}", body);
        var again = await ground.Client.CallAsync("DELETE", $"/tenants/{tenant}", body);

        Refused.Not(HttpStatusCode.Accepted, deleted);
        Assert.Equal("""{"success":true,"status":"deactivated","message":"Tenant deleted. Its rows are removed after 7 days; until then it can be activated."}""", deleted.Body!.ToJsonString());
        Refused.With(409, "already-deleted", again);
        Refused.With(403, "tenant-not-active", await ground.Client.SubmitAsync(tenant));
        Assert.Equal("cancelled", (string?)(await ground.Client.EndAsync(tenant, run.RunId))["status"]);
        Assert.NotNull((await ground.Client.ReadAsync($"/tenants/{tenant}")).Done["deletedAt"]);
        await MoveAsync(tenant, "activate");
        Assert.Null((await ground.Client.ReadAsync($"/tenants/{tenant}")).Done["deletedAt"]);
        Assert.Equal(HttpStatusCode.Accepted, (await ground.Client.SubmitAsync(tenant)).Status);
    }

    private async Task MoveAsync(string tenant, string move) =>
        Refused.Not(HttpStatusCode.OK, await ground.Client.CallAsync("POST", $"/tenants/{tenant}/{move}", """{"reason":"r"}"""));
}
