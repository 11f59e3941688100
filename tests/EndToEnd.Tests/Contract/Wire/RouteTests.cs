using System.Net;
using Headgate.EndToEnd.Tests.Contract.Kit;

namespace Headgate.EndToEnd.Tests.Contract.Wire;

public class RouteTests(ContractHost ground) : IClassFixture<ContractHost>
{
    [SuiteTheory]
    [InlineData("/nowhere")]
    [InlineData("/tenants/a/b/c")]
    [InlineData("/tenants/acme/runs/1/cancel/now")]
    [InlineData("/agents/a/tasks")]
    [InlineData("/a2a")]
    [InlineData("/a2a/other")]
    [InlineData("/favicon.ico")]
    [InlineData("/admin/host/status")]
    [InlineData("/api/tenants")]
    [InlineData("/runtime/webhooks/durabletask")]
    public async Task Route_Unknown_Is404WithTheErrorBody(string path)
    {
        foreach (var method in new[] { "GET", "POST", "DELETE" })
        {
            var reply = await ground.Client.CallAsync(method, path);

            Refused.With(404, "not-found", reply);
            Assert.Equal(["error", "code", "requestId"], reply.Body.Fields());
        }
    }

    [SuiteTheory]
    [InlineData("DELETE", "/tenants", "GET, HEAD, POST")]
    [InlineData("PUT", "/tenants/x", "DELETE, GET, HEAD, PATCH")]
    [InlineData("GET", "/tenants/x/pause", "POST")]
    [InlineData("PUT", "/tenants/x/runs", "GET, HEAD, POST")]
    [InlineData("POST", "/tenants/x/runs/y", "GET, HEAD")]
    [InlineData("DELETE", "/tenants/x/runs/y/cancel", "POST")]
    [InlineData("POST", "/tenants/x/policies/y", "DELETE, GET, HEAD, PUT")]
    [InlineData("DELETE", "/tenants/x/resources/y", "GET, HEAD, PUT")]
    [InlineData("GET", "/a2a/foreman", "POST")]
    [InlineData("GET", "/agents/x/heartbeat", "POST")]
    [InlineData("POST", "/agents/x/settings", "PATCH")]
    [InlineData("POST", "/tasks/x", "GET, HEAD")]
    [InlineData("POST", "/health", "GET, HEAD")]
    [InlineData("POST", "/queues", "GET, HEAD")]
    [InlineData("TRACE", "/tenants", "GET, HEAD, POST")]
    [InlineData("BREW", "/tenants", "GET, HEAD, POST")]
    public async Task Method_NotOfTheRoute_IsRefusedWithTheErrorBody(string method, string path, string allowed)
    {
        var reply = await ground.Client.CallAsync(method, path);

        ContractHost.RefusesTheMethod(reply, allowed.Split(", "));
        Assert.Equal(["error", "code", "requestId"], reply.Body.Fields());
    }

    [SuiteTheory]
    [InlineData("/tenants/..%2f..%2fetc%2fpasswd")]
    [InlineData("/tenants/%2e%2e/health")]
    [InlineData("/tenants/a%00b")]
    [InlineData("/tenants/a%0d%0aX-Evil:%201")]
    [InlineData("/tenants/a%5cb")]
    [InlineData("/tenants/%c3%28")]
    [InlineData("/tenants/%ff%fe")]
    [InlineData("/tenants/%zz")]
    [InlineData("/tenants/%")]
    [InlineData("/tenants/a%2Fruns")]
    [InlineData("/tenants/!ledger")]
    [InlineData("/tenants/'%20or%201=1--")]
    [InlineData("/tenants//runs")]
    [InlineData("/tenants/./../tenants/..;/x")]
    [InlineData("/tasks/..%2f..%2fx")]
    [InlineData("/tasks/%00")]
    [InlineData("/tasks/a.b.c")]
    [InlineData("/tasks/.")]
    [InlineData("/tasks/x%2ey")]
    [InlineData("/agents/..%2fagents")]
    [InlineData("/agents/!agent")]
    [InlineData("/tenants/{t}/runs/..%2f..%2fx")]
    [InlineData("/tenants/{t}/runs/!ledger")]
    [InlineData("/tenants/{t}/runs/%2a")]
    [InlineData("/tenants/{t}/runs/%E2%80%AE")]
    [InlineData("/tenants/{t}/policies/%2e%2e")]
    [InlineData("/tenants/{t}/policies/a%2fb")]
    [InlineData("/tenants/{t}/policies/a%00b")]
    [InlineData("/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/../../etc/passwd")]
    [InlineData("*")]
    [InlineData("/tenants/{t}/runs?after=%00")]
    [InlineData("/tenants/{t}/runs?%00=%ff&&==")]
    public async Task Path_OfTricks_IsNeverFoundAndNeverBreaks(string path)
    {
        var tenant = await ground.TenantAsync();

        foreach (var method in new[] { "GET", "DELETE", "POST" })
        {
            var (status, head, _) = await RawHttp.SendAsync(
                ground.Client.BaseAddress!, method, path.Replace("{t}", tenant, StringComparison.Ordinal), ground.OperatorKey, []);

            Assert.True(status is 200 or (>= 400 and < 500), $"{method} {path}: {status}");
            Assert.True(status != 200 || method == "GET", $"{method} {path}: {status}");
            Assert.DoesNotContain("X-Evil", head, StringComparison.OrdinalIgnoreCase);
        }
    }

    [SuiteTheory]
    [InlineData("/tenants/{0}", "tenant-not-found")]
    [InlineData("/tasks/{0}", "task-not-found")]
    [InlineData("/agents/{0}", "agent-not-found")]
    [InlineData("/tenants/{t}/runs/{0}", "run-not-found")]
    public async Task Id_VeryLong_IsLikeOneThatIsMissing(string path, string code)
    {
        var tenant = await ground.TenantAsync();
        foreach (var length in new[] { 100, 201, 1000, 4000 })
        {
            var reply = await ground.Client.CallAsync("GET", string.Format(path.Replace("{t}", tenant, StringComparison.Ordinal), new string('a', length)));

            Refused.With(404, code, reply);
        }
    }

    [SuiteFact]
    public async Task Target_LongerThanTheServerTakes_IsRefusedInThe400s()
    {
        var (status, _, _) = await RawHttp.SendAsync(ground.Client.BaseAddress!, "GET", "/tenants/" + new string('a', 100_000));

        Assert.InRange(status, 400, 499);
    }

    [SuiteFact]
    public async Task Path_WithDotsAndTrailingSlash_LeadsToTheSameRoute()
    {
        var tenant = await ground.TenantAsync();
        var token = ground.OperatorKey;

        var dots = await RawHttp.SendAsync(ground.Client.BaseAddress!, "GET", $"/agents/../tenants/{tenant}", token);

        Assert.Equal(200, dots.Status);
    }

    [SuiteFact]
    public async Task Document_OfTheCalls_IsServedToAnyone()
    {
        using var nobody = ground.NewClient(null);

        var reply = await nobody.ReadAsync("/openapi.json");

        Assert.Equal(HttpStatusCode.OK, reply.Status);
        Assert.StartsWith("3.1", (string)reply.Body!["openapi"]!, StringComparison.Ordinal);
        Assert.NotNull(reply.Body["paths"]!["/tenants/{tenantId}/runs"]!["post"]);
    }

    [SuiteFact]
    public async Task Probe_OfTheProcess_AnswersWithoutCredentials()
    {
        using var nobody = ground.NewClient(null);

        Assert.Equal(HttpStatusCode.OK, (await nobody.ReadAsync("/health")).Status);
        Assert.Equal(HttpStatusCode.OK, (await nobody.ReadAsync("/ready")).Status);
        Assert.Equal(HttpStatusCode.OK, (await nobody.CallAsync("GET", "/")).Status);
    }
}
