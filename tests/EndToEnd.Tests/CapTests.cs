using System.Net;
using System.Text.Json.Nodes;
using Headgate.EndToEnd.Tests.Support;

namespace Headgate.EndToEnd.Tests;

public class CapTests
{
    private static readonly JsonObject GatewayRun = new() { ["tenantId"] = Ground.Tenant, ["runType"] = "noop", ["trigger"] = "api" };

    [Fact]
    public async Task Submit_TwoHundredAtOnceThroughApiAndGateway_AdmitsExactlyTheCap()
    {
        await using var ground = await Ground.StartAsync();

        var replies = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => i % 2 == 0
            ? ground.Client.SubmitAsync(Ground.Tenant)
            : ground.Client.PostAsync("/a2a/foreman", GatewayRun)));

        Assert.Equal(5, replies.Count(reply => reply.Status == HttpStatusCode.Accepted));
        Assert.Equal(195, replies.Count(reply => reply.Status == HttpStatusCode.TooManyRequests && reply.Code == "concurrency-limit"));
        Assert.Equal(5, await ground.Client.InFlightAsync(Ground.Tenant));
    }

    [Fact]
    public async Task Submit_AfterOneRunEnded_AdmitsExactlyOneMore()
    {
        await using var ground = await Ground.StartAsync();
        var agent = await ground.AgentAsync();
        var first = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => ground.Client.SubmitAsync(Ground.Tenant)));
        var task = await agent.ClaimOneAsync();
        await agent.ReportAsync(task);
        await ground.Client.EndAsync(Ground.Tenant, (string)task["runId"]!);

        var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => ground.Client.SubmitAsync(Ground.Tenant)));

        Assert.All(first, reply => Assert.Equal(HttpStatusCode.Accepted, reply.Status));
        Assert.Single(replies, reply => reply.Status == HttpStatusCode.Accepted);
        Assert.Equal(49, replies.Count(reply => reply.Status == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task Submit_OverTheCap_SaysWhyAndWhenToComeBack()
    {
        await using var ground = await Ground.StartAsync(plan: "free");
        await ground.Client.SubmitAsync(Ground.Tenant);

        var reply = await ground.Client.SubmitAsync(Ground.Tenant);

        Assert.Equal(HttpStatusCode.TooManyRequests, reply.Status);
        Assert.Equal("30", reply.Message.Headers.RetryAfter!.ToString());
        reply.Body!.AsObject().Remove("requestId");
        Assert.Equal(
            """{"error":"Concurrency limit exceeded","code":"concurrency-limit","reason":"Concurrent run limit reached (1 concurrent runs on Free plan). Wait for existing runs to complete.","currentUsage":1,"limit":1,"plan":"free","retryAfter":30}""",
            reply.Body.ToJsonString());
    }

    [Fact]
    public async Task Submit_MonthUsedUp_IsRefusedBeforeTheCap()
    {
        await using var ground = await Ground.StartAsync();
        await ground.Client.CreateTenantAsync("small", "pro", new JsonObject { ["maxMonthlyRuns"] = 1, ["maxConcurrentRuns"] = 1 });
        await ground.Client.SubmitAsync("small");

        var reply = await ground.Client.SubmitAsync("small");

        Assert.Equal("monthly-limit", reply.Code);
        Assert.Equal("Monthly run limit reached (1 runs/month on Pro plan)", (string?)reply.Body!["reason"]);
        Assert.Null(reply.Body["retryAfter"]);
        Assert.NotNull(reply.Message.Headers.RetryAfter);
    }

    [Fact]
    public async Task Submit_AfterALimitWasRaised_UsesTheNewLimit()
    {
        await using var ground = await Ground.StartAsync(plan: "free");
        await ground.Client.SubmitAsync(Ground.Tenant);
        await ground.Client.CallAsync("PATCH", $"/tenants/{Ground.Tenant}", """{"limits":{"maxConcurrentRuns":3}}""");

        var replies = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => ground.Client.SubmitAsync(Ground.Tenant)));

        Assert.Equal(2, replies.Count(reply => reply.Status == HttpStatusCode.Accepted));
    }
}
