using System.Reflection;
using Headgate.EndToEnd.Tests.Contract.Kit;
using Headgate.Functions.Security;
using Headgate.Functions.Wire;

namespace Headgate.EndToEnd.Tests.Contract.Wire;

/// <summary>Query parameters that a call does not have.</summary>
public class QueryTests(ContractHost ground) : IClassFixture<ContractHost>
{
    public static TheoryData<string> Functions => [.. HttpFunction.OfTheApp().Where(function => !function.AnswersTheRest).Select(function => function.Name)];

    [SuiteTheory, MemberData(nameof(Functions))]
    public async Task Parameter_Unknown_IsRefusedByNameOnEveryCallAndNothingIsDone(string name)
    {
        var function = HttpFunction.OfTheApp().Single(function => function.Name == name);
        var method = function.CalledBy.Single().ToUpperInvariant();
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        var run = (await ground.Client.SubmitAsync(tenant)).RunId;
        var concrete = function.Path.Replace("{tenantId}", tenant, StringComparison.Ordinal)
            .Replace("{runId}", run, StringComparison.Ordinal)
            .Replace("{taskId}", $"{run}.one", StringComparison.Ordinal)
            .Replace("{agentId}", agent.Id, StringComparison.Ordinal)
            .Replace("{queue}", "runs", StringComparison.Ordinal)
            .Replace("{name}", "default", StringComparison.Ordinal)
            .Replace("{keyId}", "none", StringComparison.Ordinal)
            .Replace("{deadLetterId}", "none", StringComparison.Ordinal)
            .Replace("{replayId}", "none", StringComparison.Ordinal)
            .Replace("{alertId}", "server-errors", StringComparison.Ordinal);
        var client = function.Method.IsDefined(typeof(AgentOnlyAttribute)) ? agent.Client : ground.Client;

        var reply = await client.CallAsync(method, $"{concrete}?bogus=1&x-y=", method is "GET" or "DELETE" ? null : """{"zzz":1}""");

        Refused.With(400, "invalid-request", reply);
        Assert.Superset(new HashSet<string>(["bogus", "x-y"], StringComparer.Ordinal), Refused.Paths(reply).ToHashSet(StringComparer.Ordinal));
        Assert.Equal("is an unknown query parameter", Refused.Message(reply, "bogus"));
        Assert.Equal(1, await ground.Client.InFlightAsync(tenant));
        Assert.Equal(200, (int)(await ground.Client.ReadAsync($"/agents/{agent.Id}")).Status);
    }

    [SuiteTheory]
    [InlineData("/tenants?Limit=5", "Limit", "is an unknown query parameter; did you mean 'limit'?")]
    [InlineData("/tenants?limits=5", "limits", "is an unknown query parameter; did you mean 'limit'?")]
    [InlineData("/tenants/{t}/runs?stauts=failed", "stauts", "is an unknown query parameter; did you mean 'status'?")]
    [InlineData("/agents?tenent={t}", "tenent", "is an unknown query parameter; did you mean 'tenant'?")]
    [InlineData("/tenants?=5", "?", "has a parameter without a name")]
    [InlineData("/health?verbose", "verbose", "is an unknown query parameter")]
    public async Task Parameter_MisspeltOrOdd_IsToldWithTheNameThatIsNear(string path, string name, string message)
    {
        var reply = await ground.Client.CallAsync("GET", path.Replace("{t}", await ground.TenantAsync(), StringComparison.Ordinal));

        Refused.At(reply, name);
        Assert.Equal(message, Refused.Message(reply, name));
    }

    [SuiteFact]
    public async Task Problems_OfQueryHeaderAndBody_AreToldAtOnce()
    {
        var tenant = await ground.TenantAsync();

        var submit = await ground.Client.CallAsync("POST", $"/tenants/{tenant}/runs?dry=1", """{"name":"x","tasks":[{"name":"a"}]}""", ("Idempotency-Key", new string('k', 256)));
        var list = await ground.Client.CallAsync("GET", $"/tenants/{tenant}/runs?dry=1&limit=0&status=odd&after=!");
        var agents = await ground.Client.CallAsync("GET", "/agents?dry=1&limit=0&tenant=!");
        var broken = await ground.Client.CallAsync("POST", "/tenants?dry=1", "{");
        var settings = await ground.Client.CallAsync("PATCH", $"/agents/{(await ground.AgentAsync(tenant)).Id}/settings?dry=1", "{}");

        Refused.At(submit, "dry", "Idempotency-Key", "tasks[0].type");
        Refused.At(list, "dry", "limit", "status", "after");
        Refused.At(agents, "dry", "limit", "tenant");
        Refused.At(broken, "dry", "");
        Refused.At(settings, "dry");
    }

    [SuiteFact]
    public async Task Refusals_ThatComeBefore_StillDo()
    {
        using var nobody = ground.NewClient(null);
        using var viewer = await ground.MemberAsync(await ground.TenantAsync(), "viewer");

        Refused.With(401, "unauthenticated", await nobody.CallAsync("GET", "/tenants?dry=1"));
        Refused.With(403, "insufficient-permission", await viewer.CallAsync("GET", "/queues?dry=1"));
        Refused.With(404, "tenant-not-found", await viewer.CallAsync("GET", "/tenants/other?dry=1"));
        Refused.With(404, "not-found", await nobody.CallAsync("GET", "/nowhere?dry=1"));
        ContractHost.RefusesTheMethod(await nobody.CallAsync("DELETE", "/tenants?dry=1"), ["GET", "HEAD", "POST"]);
    }
}
