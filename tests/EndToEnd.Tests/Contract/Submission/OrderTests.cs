using System.Net;
using Headgate.EndToEnd.Tests.Contract.Kit;

namespace Headgate.EndToEnd.Tests.Contract.Submission;

/// <summary>Which of several reasons to refuse a submission is given, and what a remembered one answers.</summary>
public class OrderTests(ContractHost ground) : IClassFixture<ContractHost>
{
    [SuiteFact]
    public async Task Submit_ManyReasonsToRefuse_GivesTheFirstOfTheOrder()
    {
        var tenant = await ground.TenantAsync("free", """{"maxMonthlyRuns":1}""");
        using var nobody = ground.NewClient(null);
        using var viewer = await ground.MemberAsync(tenant, "viewer");
        using var developer = await ground.MemberAsync(tenant, "developer");
        Assert.Equal(202, (int)(await developer.SubmitAsync(tenant, idempotencyKey: "k")).Status);

        Refused.With(429, "monthly-limit", await developer.SubmitAsync(tenant));
        await ground.Client.PostAsync($"/tenants/{tenant}/pause");
        Refused.With(503, "tenant-paused", await developer.SubmitAsync(tenant));
        Refused.With(422, "idempotency-mismatch", await developer.SubmitAsync(tenant, Bodies.OneTask("other"), "k"));
        Refused.With(400, "invalid-request", await developer.CallAsync("POST", $"/tenants/{tenant}/runs", "{", ("Idempotency-Key", "k")));
        Refused.With(403, "insufficient-permission", await viewer.CallAsync("POST", $"/tenants/{tenant}/runs", "{"));
        Refused.With(401, "unauthenticated", await nobody.CallAsync("POST", $"/tenants/{tenant}/runs", "{"));
        Refused.With(400, "invalid-request", await ground.Client.CallAsync("POST", "/tenants/missing/runs", "{"));
        Refused.With(404, "tenant-not-found", await ground.Client.SubmitAsync("missing"));
        Assert.Equal(202, (int)(await developer.SubmitAsync(tenant, idempotencyKey: "k")).Status);
    }

    [SuiteFact]
    public async Task Submit_MonthUsedUp_SaysSoExactly()
    {
        var tenant = await ground.TenantAsync("pro", """{"maxMonthlyRuns":0}""");

        var reply = await ground.Client.SubmitAsync(tenant);

        Refused.Exactly(429, """{"error":"Plan limit exceeded","code":"monthly-limit","reason":"Monthly run limit reached (0 runs/month on Pro plan)","currentUsage":0,"limit":0,"plan":"pro","upgradeUrl":"/billing/upgrade"}""", reply);
        Assert.InRange(int.Parse(reply.Header("Retry-After")!), 1, 31 * 86_400);
    }

    [SuiteTheory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a\tb")]
    [InlineData("ü")]
    [InlineData("256")]
    public async Task Submit_IdempotencyKeyOutsideItsGrammar_IsRefused(string key)
    {
        var tenant = await ground.TenantAsync();
        var value = key == "256" ? new string('k', 256) : key;
        var (status, _, body) = await RawHttp.SendAsync(
            ground.Client.BaseAddress!, "POST", $"/tenants/{tenant}/runs", ground.OperatorKey + $"\r\nIdempotency-Key: {value}", """{"name":"x","tasks":[{"name":"a","type":"noop"}]}"""u8.ToArray());

        Assert.True(status is 400, $"'{key}': {status} {body}");
        Assert.Equal(0, await ground.Client.InFlightAsync(tenant));
    }

    [SuiteFact]
    public async Task Submit_IdempotencyKeyOf255Characters_IsTheLongest()
    {
        var tenant = await ground.TenantAsync();

        var first = await ground.Client.SubmitAsync(tenant, idempotencyKey: new string('~', 255));
        var second = await ground.Client.SubmitAsync(tenant, idempotencyKey: new string('~', 255));

        Assert.Equal(first.RunId, second.RunId);
        Assert.Equal("true", second.Header("Idempotency-Replayed"));
        Assert.Equal(first.Header("X-Request-Id"), (string?)second.Body!["requestId"]);
    }

    [SuiteFact]
    public async Task Submit_SameKeyInAnotherTenant_IsAnotherKey()
    {
        var (one, two) = (await ground.TenantAsync(), await ground.TenantAsync());

        var first = await ground.Client.SubmitAsync(one, idempotencyKey: "k");
        var second = await ground.Client.SubmitAsync(two, idempotencyKey: "k");

        Assert.NotEqual(first.RunId, second.RunId);
        Assert.Null(second.Header("Idempotency-Replayed"));
    }

    [SuiteFact]
    public async Task Submit_SameKeyThroughTheGateway_IsAnotherKey()
    {
        var tenant = await ground.TenantAsync();
        await ground.Client.SubmitAsync(tenant, idempotencyKey: "k");

        var reply = await ground.Client.CallAsync("POST", "/a2a/foreman", $$"""{"tenantId":"{{tenant}}","runType":"noop"}""", ("Idempotency-Key", "k"));

        Assert.Equal(HttpStatusCode.Accepted, reply.Status);
        Assert.Null(reply.Header("Idempotency-Replayed"));
        Assert.Equal(2, await ground.Client.InFlightAsync(tenant));
    }

    [SuiteFact]
    public async Task Submit_SameKeyAfterTheAgentOrPolicyItNamesIsGone_StillGetsTheFirstAnswer()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        await ground.Client.CallAsync("PUT", $"/tenants/{tenant}/policies/p", "{}");
        var run = RunKit.With($$"""{"agent":"{{agent.Id}}","policy":"p"}""");
        var first = await ground.Client.SubmitAsync(tenant, run.DeepClone(), "k");
        await ground.Client.CallAsync("DELETE", $"/tenants/{tenant}/policies/p");
        await ground.Client.CallAsync("DELETE", $"/agents/{agent.Id}");

        var second = await ground.Client.SubmitAsync(tenant, run.DeepClone(), "k");

        Assert.Equal(HttpStatusCode.Accepted, second.Status);
        Assert.Equal(first.RunId, second.RunId);
    }
}
