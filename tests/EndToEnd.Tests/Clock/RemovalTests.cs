using System.Net;
using Headgate.EndToEnd.Tests.Contract.Kit;
using Headgate.EndToEnd.Tests.Support;
using Headgate.TestKit;

namespace Headgate.EndToEnd.Tests.Clock;

/// <summary>A deleted tenant's rows, on a clock in hand.</summary>
public class RemovalTests
{
    [Fact]
    public async Task Delete_PastItsDays_NothingOfTheTenantIsLeft()
    {
        var clock = new ManualClock();
        await using var ground = await Ground.StartAsync(clock, settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Headgate:Retention:DeletedTenantDays"] = "0" });
        const string Tenant = "leaving";
        await ground.Client.CreateTenantAsync(Tenant);
        var agent = await ground.AgentAsync("of-leaving", tenant: Tenant);
        using var owner = ground.Service.NewClient((string)(await ground.Client.CallAsync("POST", $"/tenants/{Tenant}/keys", """{"name":"k","role":"owner"}""")).Done["key"]!);
        await ground.Client.CallAsync("PUT", $"/tenants/{Tenant}/members/ada", """{"role":"owner"}""");
        await owner.CallAsync("PUT", $"/tenants/{Tenant}/schedules/s", """{"cron":"0 3 1 7 *","run":{"name":"n","tasks":[{"name":"a","type":"never"}]}}""");
        var ended = await owner.SubmitAsync(Tenant, idempotencyKey: "key");
        await agent.ReportAsync(await agent.ClaimOneAsync(), "failure", "permission denied");
        await owner.EndAsync(Tenant, ended.RunId);
        await owner.SubmitAsync(Tenant, RunKit.With("""{"type":"never","resources":["r"]}"""));
        await owner.CallAsync("POST", $"/tenants/{Tenant}/resources/r/hold", """{"reason":"r"}""");

        Assert.Equal(HttpStatusCode.Accepted, (await ground.Client.CallAsync("DELETE", $"/tenants/{Tenant}", $$"""{"confirm":"{{Tenant}}"}""")).Status);

        using var limit = new CancellationTokenSource(Patience.Limit);
        while ((await ground.Client.ReadAsync($"/tenants/{Tenant}")).Status != HttpStatusCode.NotFound)
        {
            limit.Token.ThrowIfCancellationRequested();
            clock.Advance(TimeSpan.FromMinutes(5));
        }

        Refused.With(401, "unauthenticated", await owner.ReadAsync("/me"));
        Refused.With(401, "unauthenticated", await agent.Client.ReadAsync("/me"));
        Refused.With(404, "agent-not-found", await ground.Client.ReadAsync($"/agents/{agent.Id}"));
        Assert.DoesNotContain((await ground.Client.ReadAsync("/tenants?limit=100")).Done["items"]!.AsArray(), item => (string)item!["id"]! == Tenant);
        await ground.Client.CreateTenantAsync(Tenant);
        foreach (var list in new[] { "runs", "keys", "members", "dead-letters", "resources", "schedules" })
            Assert.Empty((await ground.Client.ReadAsync($"/tenants/{Tenant}/{list}")).Done["items"]!.AsArray());
        Assert.Equal("tenant.created", (string?)Assert.Single((await ground.Client.ReadAsync($"/tenants/{Tenant}/audit")).Done["items"]!.AsArray())!["action"]);
        Assert.Equal(HttpStatusCode.Accepted, (await ground.Client.SubmitAsync(Tenant, idempotencyKey: "key")).Status);
        Assert.Equal(HttpStatusCode.OK, (await ground.Client.ReadAsync($"/tenants/{Ground.Tenant}")).Status);
    }
}
