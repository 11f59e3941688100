using System.Net;
using Headgate.EndToEnd.Tests.Contract.Kit;

namespace Headgate.EndToEnd.Tests.Contract.Wire;

public class HeaderTests(ContractHost ground) : IClassFixture<ContractHost>
{
    [SuiteTheory]
    [InlineData("GET", "/health", 200)]
    [InlineData("GET", "/ready", 200)]
    [InlineData("GET", "/tenants", 200)]
    [InlineData("GET", "/tenants/none", 404)]
    [InlineData("GET", "/nowhere", 404)]
    [InlineData("DELETE", "/tenants", ContractHost.WrongMethod)]
    [InlineData("POST", "/tenants", 400)]
    public async Task Answer_OfAnyKind_CarriesRequestIdAndTrace(string method, string path, int status)
    {
        var reply = await ground.Client.CallAsync(method, path);

        Assert.Equal(status, (int)reply.Status);
        Assert.False(string.IsNullOrEmpty(reply.Header("X-Request-Id")));
        Assert.Matches("^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$", reply.Header("traceparent"));
        Assert.StartsWith("application/json", reply.Header("Content-Type"), StringComparison.Ordinal);
        Assert.Equal("nosniff", reply.Header("X-Content-Type-Options"));
        Assert.Null(reply.Header("Server"));
        if (path != "/nowhere" && status != ContractHost.WrongMethod)
            Assert.Contains("no-store", reply.Header("Cache-Control"), StringComparison.Ordinal);
    }

    [SuiteFact]
    public async Task RequestId_GivenAndProper_IsKept()
    {
        var reply = await ground.Client.CallAsync("GET", "/tenants/none", null, ("X-Request-Id", "mine-1"));

        Assert.Equal("mine-1", reply.Header("X-Request-Id"));
        Assert.Equal("mine-1", (string?)reply.Body!["requestId"]);
    }

    [SuiteFact]
    public async Task RequestId_TooLongOrWithSpaces_IsReplaced()
    {
        foreach (var given in new[] { new string('x', 5000), "a b" })
        {
            var reply = await ground.Client.CallAsync("GET", "/health", null, ("X-Request-Id", given));
            Assert.NotEqual(given, reply.Header("X-Request-Id"));
            Assert.False(string.IsNullOrEmpty(reply.Header("X-Request-Id")));
        }
    }

    [SuiteFact]
    public async Task Trace_GivenAndProper_IsContinued()
    {
        var reply = await ground.Client.CallAsync("GET", "/health", null, ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));

        Assert.StartsWith("00-0af7651916cd43dd8448eb211c80319c-", reply.Header("traceparent"), StringComparison.Ordinal);
    }

    [SuiteTheory]
    [InlineData("garbage")]
    [InlineData("00-00000000000000000000000000000000-0000000000000000-00")]
    [InlineData("00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01")]
    public async Task Trace_Improper_StartsANewOne(string given)
    {
        var reply = await ground.Client.CallAsync("GET", "/health", null, ("traceparent", given));

        Assert.Matches("^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$", reply.Header("traceparent"));
        Assert.DoesNotContain("-00000000000000000000000000000000-", reply.Header("traceparent"), StringComparison.Ordinal);
    }

    [SuiteFact]
    public async Task Created_Things_SayWhereTheyAre()
    {
        var tenant = ground.Name();
        var created = await ground.Client.CallAsync("POST", "/tenants", $$"""{"id":"{{tenant}}","name":"x","plan":"pro"}""");
        var run = await ground.Client.SubmitAsync(tenant);

        Assert.Equal($"/tenants/{tenant}", created.Header("Location"));
        Assert.Equal($"/tenants/{tenant}/runs/{run.RunId}", run.Header("Location"));
        Assert.Equal(HttpStatusCode.OK, (await ground.Client.CallAsync("GET", run.Header("Location")!)).Status);
    }

    [SuiteFact]
    public async Task Unauthenticated_Call_NamesTheScheme()
    {
        using var nobody = ground.NewClient(null);

        var reply = await nobody.CallAsync("GET", "/tenants");

        Refused.With(401, "unauthenticated", reply);
        Assert.Equal("Bearer", reply.Header("WWW-Authenticate"));
        Assert.Equal(["error", "code", "requestId"], reply.Body.Fields());
    }
}
