using Headgate.EndToEnd.Tests.Contract.Kit;

namespace Headgate.EndToEnd.Tests.Contract.Wire;

/// <summary>Refusals as RFC 9457 has them, for callers who ask.</summary>
public class ProblemJsonTests(ContractHost ground) : IClassFixture<ContractHost>
{
    private const string Problem = "application/problem+json";

    [SuiteTheory]
    [InlineData("GET", "/tenants/none", null)]
    [InlineData("GET", "/nowhere", null)]
    [InlineData("DELETE", "/tenants", null)]
    [InlineData("POST", "/tenants", "{")]
    [InlineData("POST", "/tenants?x=1", """{"id":"A"}""")]
    [InlineData("POST", "/a2a/foreman", """{"tenantId":"none","runType":"noop"}""")]
    public async Task Refusal_AskedForAsProblem_HasItsMembersAndEveryFieldOfTheOther(string method, string path, string? body)
    {
        var plain = await ground.Client.CallAsync(method, path, body, ("X-Request-Id", "one"));
        var problem = await ground.Client.CallAsync(method, path, body, ("X-Request-Id", "one"), ("Accept", Problem));

        Assert.Equal(plain.Status, problem.Status);
        Assert.Equal(("application/json", Problem), (plain.Header("Content-Type"), problem.Header("Content-Type")));
        Assert.Equal(["type", "title", "status", "detail", "instance"], problem.Body.Fields().Take(5));
        Assert.Equal(
            ($"urn:headgate:{plain.Code}", (string?)plain.Body!["error"], (int)plain.Status, path.Split('?')[0]),
            ((string?)problem.Body!["type"], (string?)problem.Body["title"], (int)problem.Body["status"]!, (string?)problem.Body["instance"]));
        Assert.All(plain.Body.AsObject(), field => Assert.Equal(field.Value!.ToJsonString(), problem.Body[field.Key]!.ToJsonString()));
    }

    [SuiteFact]
    public async Task Refusal_WithAStatusOfItsOwn_GivesItAsState()
    {
        var tenant = await ground.TenantAsync();
        await ground.Client.PostAsync($"/tenants/{tenant}/pause");

        var reply = await ground.Client.CallAsync("POST", "/a2a/foreman", $$"""{"tenantId":"{{tenant}}","runType":"noop"}""", ("Accept", Problem));

        Assert.Equal((503, "paused", tenant), ((int)reply.Body!["status"]!, (string?)reply.Body["state"], (string?)reply.Body["tenantId"]));
        Assert.Equal("Run processing is temporarily suspended. Try again later.", (string?)reply.Body["detail"]);
        Assert.Equal("60", reply.Header("Retry-After"));
    }

    [SuiteTheory]
    [InlineData("*/*", false)]
    [InlineData("application/json, application/problem+json;q=0.5", false)]
    [InlineData("application/problem+json;q=0", false)]
    [InlineData("application/problem+json; =", false)]
    [InlineData("application/json, application/problem+json", true)]
    [InlineData("text/html, Application/Problem+JSON;q=0.1", true)]
    public async Task Accept_OfManyKinds_DecidesTheFormat(string accept, bool asProblem)
    {
        var reply = await ground.Client.CallAsync("GET", "/tenants/none", null, ("Accept", accept));

        Assert.Equal(asProblem ? Problem : "application/json", reply.Header("Content-Type"));
        Assert.Equal("application/json", (await ground.Client.CallAsync("GET", "/health", null, ("Accept", accept))).Header("Content-Type"));
    }
}
