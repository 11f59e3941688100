using System.Net;
using Headgate.EndToEnd.Tests.Contract.Kit;

namespace Headgate.EndToEnd.Tests.Contract.Tenants;

public class PolicyTests(ContractHost ground) : IClassFixture<ContractHost>
{
    [SuiteFact]
    public async Task Policy_OfNoFields_IsTheDefaults()
    {
        var tenant = await ground.TenantAsync();

        var put = await ground.Client.CallAsync("PUT", $"/tenants/{tenant}/policies/p", "");
        var read = await ground.Client.ReadAsync($"/tenants/{tenant}/policies/p");

        Assert.Equal(HttpStatusCode.OK, put.Status);
        Assert.Equal("""{"name":"p","maxRetries":3,"baseSeconds":5,"maxSeconds":300,"jitter":0.5,"factor":2}""", put.Body!.ToJsonString());
        Assert.Equal(put.Body.ToJsonString(), read.Body!.ToJsonString());
    }

    [SuiteTheory]
    [InlineData("""{"maxRetries":0}""")]
    [InlineData("""{"maxRetries":20}""")]
    [InlineData("""{"baseSeconds":0.05}""")]
    [InlineData("""{"baseSeconds":3600,"maxSeconds":3600}""")]
    [InlineData("""{"baseSeconds":5,"maxSeconds":5}""")]
    [InlineData("""{"baseSeconds":300}""")]
    [InlineData("""{"jitter":0,"factor":1}""")]
    [InlineData("""{"jitter":1,"factor":10}""")]
    [InlineData("""{"jitter":null}""")]
    public async Task Policy_JustInsideTheRanges_IsTaken(string body)
    {
        var reply = await ground.Client.CallAsync("PUT", $"/tenants/{await ground.TenantAsync()}/policies/p", body);

        Refused.Not(HttpStatusCode.OK, reply);
    }

    [SuiteTheory]
    [InlineData("""{"maxRetries":21}""", "maxRetries")]
    [InlineData("""{"maxRetries":-1}""", "maxRetries")]
    [InlineData("""{"maxRetries":2.5}""", "maxRetries")]
    [InlineData("""{"baseSeconds":0.049}""", "baseSeconds")]
    [InlineData("""{"baseSeconds":0}""", "baseSeconds")]
    [InlineData("""{"baseSeconds":3600.1,"maxSeconds":5000}""", "baseSeconds")]
    [InlineData("""{"baseSeconds":6,"maxSeconds":5}""", "maxSeconds")]
    [InlineData("""{"baseSeconds":301}""", "maxSeconds")]
    [InlineData("""{"maxSeconds":4}""", "maxSeconds")]
    [InlineData("""{"jitter":-0.01}""", "jitter")]
    [InlineData("""{"jitter":1.01}""", "jitter")]
    [InlineData("""{"factor":0.99}""", "factor")]
    [InlineData("""{"factor":10.01}""", "factor")]
    [InlineData("""{"factor":1e999}""", "factor")]
    [InlineData("""{"maxRetries":21,"baseSeconds":0,"jitter":2,"factor":0,"x":1}""", "baseSeconds", "factor", "jitter", "maxRetries", "x")]
    public async Task Policy_JustOutsideTheRanges_IsRefusedWithEveryProblem(string body, params string[] paths)
    {
        var tenant = await ground.TenantAsync();

        Refused.At(await ground.Client.CallAsync("PUT", $"/tenants/{tenant}/policies/p", body), paths);

        Assert.Equal(404, (int)(await ground.Client.ReadAsync($"/tenants/{tenant}/policies/p")).Status);
    }

    [SuiteTheory]
    [InlineData("a", true)]
    [InlineData("A9_-", true)]
    [InlineData("-a", false)]
    [InlineData("_a", false)]
    [InlineData("a.b", false)]
    [InlineData("a:b", false)]
    public async Task Policy_Name_FollowsItsGrammar(string name, bool isValid)
    {
        var reply = await ground.Client.CallAsync("PUT", $"/tenants/{await ground.TenantAsync()}/policies/{name}", "{}");

        Assert.Equal(isValid ? 200 : 400, (int)reply.Status);
    }

    [SuiteFact]
    public async Task Policy_NameOf64Characters_IsTheLongest()
    {
        var tenant = await ground.TenantAsync();

        Assert.Equal(200, (int)(await ground.Client.CallAsync("PUT", $"/tenants/{tenant}/policies/{new string('p', 64)}", "{}")).Status);
        Assert.Equal(400, (int)(await ground.Client.CallAsync("PUT", $"/tenants/{tenant}/policies/{new string('p', 65)}", "{}")).Status);
    }

    [SuiteFact]
    public async Task Policy_Deleted_IsGone()
    {
        var tenant = await ground.TenantAsync();
        await ground.Client.CallAsync("PUT", $"/tenants/{tenant}/policies/p", "{}");

        var deleted = await ground.Client.CallAsync("DELETE", $"/tenants/{tenant}/policies/p");
        var again = await ground.Client.CallAsync("DELETE", $"/tenants/{tenant}/policies/p");

        Assert.True((int)deleted.Status is 200 or 204);
        Refused.With(404, "policy-not-found", again);
        Refused.With(404, "policy-not-found", await ground.Client.ReadAsync($"/tenants/{tenant}/policies/p"));
        Refused.At(await ground.Client.SubmitAsync(tenant, RunKit.With("""{"policy":"p"}""")), "tasks[0].policy");
    }

    [SuiteFact]
    public async Task Policy_ChangedAfterAdmission_LeavesTheTaskAsItWas()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        await ground.Client.CallAsync("PUT", $"/tenants/{tenant}/policies/p", """{"maxRetries":7}""");
        var run = (await ground.Client.SubmitAsync(tenant, RunKit.With("""{"policy":"p"}"""))).RunId;

        await ground.Client.CallAsync("PUT", $"/tenants/{tenant}/policies/p", """{"maxRetries":0}""");
        await ground.Client.CallAsync("DELETE", $"/tenants/{tenant}/policies/p");
        var outcome = await agent.OutcomeAsync(await agent.ClaimOneAsync(), "failure", "connection refused");

        Assert.Equal("retry", outcome);
        var task = (await ground.Client.RunAsync(tenant, run)).TaskOf();
        Assert.Equal((7, 6), ((int)task["maxRetries"]!, (int)task["retriesRemaining"]!));
    }

    [SuiteFact]
    public async Task Policy_NamedDefault_IsWhatTasksWithoutOneGet()
    {
        var tenant = await ground.TenantAsync();
        await ground.Client.CallAsync("PUT", $"/tenants/{tenant}/policies/default", """{"maxRetries":1}""");

        var run = (await ground.Client.SubmitAsync(tenant)).RunId;
        var overridden = (await ground.Client.SubmitAsync(tenant, RunKit.With("""{"maxRetries":20}"""))).RunId;

        Assert.Equal(1, (int)(await ground.Client.RunAsync(tenant, run)).TaskOf()["maxRetries"]!);
        Assert.Equal(20, (int)(await ground.Client.RunAsync(tenant, overridden)).TaskOf()["maxRetries"]!);
    }
}
