using System.Net;
using Headgate.EndToEnd.Tests.Contract.Kit;
using Headgate.EndToEnd.Tests.Support;

namespace Headgate.EndToEnd.Tests.Clock;

/// <summary>Pauses with odd ends. The clock starts at 2030-01-01T00:00:00Z.</summary>
public class PauseEdgeTests
{
    [Theory]
    [InlineData("9999-12-31T23:59:59.999Z")]
    [InlineData("9999-12-31T23:59:59.9999999Z")]
    [InlineData("9999-12-31T23:59:59+00:00")]
    [InlineData("2100-01-01T00:00:00Z")]
    [InlineData("2030-03-01T00:00:00Z")]
    [InlineData("2030-01-01T00:00:00.001Z")]
    [InlineData("2030-01-02t00:00:00z")]
    [InlineData("2030-06-30T23:59:60Z")]
    public async Task Pause_UntilTimesFarAndNear_StillRefusesAndHoldsBack(string until)
    {
        await using var ground = await ClockGround.StartAsync();
        var agent = await ground.AgentAsync();
        var run = await ground.SubmitAsync(Bodies.OneTask());
        await ground.UntilTaskAsync(run, "one", "ready");

        Refused.Not(HttpStatusCode.OK, await ground.Client.CallAsync("POST", $"/tenants/{Ground.Tenant}/pause", $$"""{"until":"{{until}}"}"""));
        var refused = await ground.Client.SubmitAsync(Ground.Tenant);

        Refused.With(503, "tenant-paused", refused);
        Assert.True((int)refused.Body!["retryAfter"]! >= 1);
        Assert.Empty(await agent.ClaimAsync());
        Refused.Not(HttpStatusCode.OK, await ground.Client.PostAsync($"/tenants/{Ground.Tenant}/resume"));
        Assert.Single(await agent.ClaimAsync());
    }

    [Theory]
    [InlineData("0001-01-01T00:00:00+14:00")]
    [InlineData("9999-12-31T23:59:59-14:00")]
    [InlineData("10000-01-01T00:00:00Z")]
    [InlineData("2030-02-30T00:00:00Z")]
    [InlineData("2030-01-02T25:00:00Z")]
    [InlineData("2030-01-02 00:00:00Z")]
    [InlineData("-2030-01-02T00:00:00Z")]
    public async Task Pause_UntilNoTimeAtAll_IsRefused(string until)
    {
        await using var ground = await ClockGround.StartAsync();

        Refused.At(await ground.Client.CallAsync("POST", $"/tenants/{Ground.Tenant}/pause", $$"""{"until":"{{until}}"}"""), "until");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"until":"2030-01-01T01:00:00Z"}""")]
    public async Task Pause_AfterAnEarlierOneWasEnded_IsNotEndedByTheEarlierOnesTime(string second)
    {
        await using var ground = await ClockGround.StartAsync();
        var agent = await ground.AgentAsync();
        var run = await ground.SubmitAsync(Bodies.OneTask());
        await ground.UntilTaskAsync(run, "one", "ready");
        await ground.Client.CallAsync("POST", $"/tenants/{Ground.Tenant}/pause", """{"until":"2030-01-01T00:00:10Z"}""");
        await ground.Client.PostAsync($"/tenants/{Ground.Tenant}/resume");
        ground.Advance(5);
        await ground.Client.CallAsync("POST", $"/tenants/{Ground.Tenant}/pause", second);

        ground.Advance(600);

        Refused.With(503, "tenant-paused", await ground.Client.SubmitAsync(Ground.Tenant));
        Assert.Empty(await agent.ClaimAsync());
    }

    [Theory]
    [InlineData("suspend")]
    public async Task Claim_OfATenantThatIsNotActive_GivesNothingUntilItIs(string move)
    {
        await using var ground = await ClockGround.StartAsync();
        var agent = await ground.AgentAsync();
        var run = await ground.SubmitAsync(Bodies.OneTask());
        await ground.UntilTaskAsync(run, "one", "ready");

        await ground.Client.CallAsync("POST", $"/tenants/{Ground.Tenant}/{move}", """{"reason":"unpaid"}""");
        var before = await agent.ClaimAsync();
        await ground.Client.CallAsync("POST", $"/tenants/{Ground.Tenant}/activate", """{"reason":"paid"}""");

        Assert.Empty(before);
        Assert.Single(await agent.ClaimAsync());
    }

    [Fact]
    public async Task Limit_LoweredBelowWhatIsInFlight_SaysBothAsTheyAre()
    {
        await using var ground = await ClockGround.StartAsync();
        for (var i = 0; i < 3; i++)
            await ground.SubmitAsync(Bodies.OneTask());
        await ground.Client.CallAsync("PATCH", $"/tenants/{Ground.Tenant}", """{"limits":{"maxConcurrentRuns":1}}""");

        var reply = await ground.Client.SubmitAsync(Ground.Tenant);

        Refused.With(429, "concurrency-limit", reply);
        Assert.Equal((3, 1), ((int)reply.Body!["currentUsage"]!, (int)reply.Body["limit"]!));
    }

    [Fact]
    public async Task RetryAfter_OnceDurationsAreKnown_FollowsThem()
    {
        await using var ground = await ClockGround.StartAsync();
        await ground.Client.CallAsync("PATCH", $"/tenants/{Ground.Tenant}", """{"limits":{"maxConcurrentRuns":1}}""");
        var agent = await ground.AgentAsync();
        for (var i = 0; i < 5; i++)
        {
            var run = await ground.SubmitAsync(Bodies.OneTask());
            var task = await ground.ClaimAsync(agent, run);
            ground.Advance(8);
            await agent.OutcomeAsync(task);
            await ground.UntilAsync(run, node => node["finishedAt"] is not null);
        }

        await ground.SubmitAsync(Bodies.OneTask());
        var reply = await ground.Client.SubmitAsync(Ground.Tenant);

        Refused.With(429, "concurrency-limit", reply);
        Assert.InRange((int)reply.Body!["retryAfter"]!, 1, 29);
    }
}
