using System.Net;
using Headgate.EndToEnd.Tests.Contract.Kit;
using Headgate.EndToEnd.Tests.Support;
using Headgate.TestKit;

namespace Headgate.EndToEnd.Tests.Clock;

/// <summary>A pause that knows its end, on a clock in hand. It starts at 2030-01-01T00:00:00Z.</summary>
public class PauseUntilTests
{
    private const string Until = """{"until":"2030-01-01T00:10:00Z"}""";

    [Fact]
    public async Task Submit_WhilePausedUntil_IsToldTheSecondsThatAreLeft()
    {
        var clock = new ManualClock();
        await using var ground = await Ground.StartAsync(clock);
        await ground.Client.CallAsync("POST", $"/tenants/{Ground.Tenant}/pause", Until);

        var first = await ground.Client.SubmitAsync(Ground.Tenant);
        clock.Advance(TimeSpan.FromSeconds(599.5));
        var last = await ground.Client.SubmitAsync(Ground.Tenant);

        Refused.With(503, "tenant-paused", first);
        Assert.Equal(600, (int)first.Body!["retryAfter"]!);
        Assert.Equal(1, (int)last.Body!["retryAfter"]!);
    }

    [Fact]
    public async Task Pause_PastItsEnd_IsOverByItself()
    {
        var clock = new ManualClock();
        await using var ground = await Ground.StartAsync(clock);
        await ground.Client.CallAsync("POST", $"/tenants/{Ground.Tenant}/pause", Until);
        var during = await ground.Client.ReadAsync($"/tenants/{Ground.Tenant}");

        clock.Advance(TimeSpan.FromMinutes(10));
        var after = await ground.Client.ReadAsync($"/tenants/{Ground.Tenant}");

        Assert.Equal("2030-01-01T00:10:00.000Z", (string?)during.Body!["pause"]!["until"]);
        Assert.Equal("active", (string?)after.Body!["status"]);
        Assert.Null(after.Body["pause"]);
        Refused.With(409, "not-paused", await ground.Client.PostAsync($"/tenants/{Ground.Tenant}/resume"));
        Assert.Equal(HttpStatusCode.Accepted, (await ground.Client.SubmitAsync(Ground.Tenant)).Status);
        Assert.Equal(HttpStatusCode.OK, (await ground.Client.PostAsync($"/tenants/{Ground.Tenant}/pause")).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pause_PastItsEnd_IsAuditedOnceWhoeverEndsIt(bool admissionIsFirst)
    {
        var clock = new ManualClock();
        await using var ground = await Ground.StartAsync(clock);
        await ground.Client.CallAsync("POST", $"/tenants/{Ground.Tenant}/pause", Until);

        clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(["tenant.paused"], await MovesAsync(ground));
        clock.Advance(TimeSpan.FromMilliseconds(1));
        if (admissionIsFirst)
            await ground.Client.SubmitAsync(Ground.Tenant);
        clock.Advance(TimeSpan.FromSeconds(1));

        string[] moves;
        using var limit = new CancellationTokenSource(Patience.Limit);
        while ((moves = await MovesAsync(ground)).Length == 1)
        {
            limit.Token.ThrowIfCancellationRequested();
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(["tenant.resumed", "tenant.paused"], moves);
        var row = (await ground.Client.ReadAsync($"/tenants/{Ground.Tenant}/audit")).Body!["items"]!.AsArray().Single(item => (string)item!["action"]! == "tenant.resumed")!;
        Assert.Equal(("2030-01-01T00:10:00.000Z", "service"), ((string?)row["at"], (string?)row["actor"]));
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(2, (await MovesAsync(ground)).Length);
    }

    [Fact]
    public async Task Pause_ResumedBeforeItsEnd_IsNotResumedAgain()
    {
        var clock = new ManualClock();
        await using var ground = await Ground.StartAsync(clock);
        await ground.Client.CallAsync("POST", $"/tenants/{Ground.Tenant}/pause", Until);
        await ground.Client.PostAsync($"/tenants/{Ground.Tenant}/resume");
        await ground.Client.CallAsync("POST", $"/tenants/{Ground.Tenant}/pause", """{"reason":"for good"}""");

        clock.Advance(TimeSpan.FromMinutes(20));

        Assert.Equal("paused", (string?)(await ground.Client.ReadAsync($"/tenants/{Ground.Tenant}")).Body!["status"]);
        Assert.Equal(["tenant.paused", "tenant.resumed", "tenant.paused"], await MovesAsync(ground));
    }

    private static async Task<string[]> MovesAsync(Ground ground) =>
    [
        .. (await ground.Client.ReadAsync($"/tenants/{Ground.Tenant}/audit")).Body!["items"]!.AsArray().Select(item => (string)item!["action"]!)
            .Where(action => action is "tenant.paused" or "tenant.resumed"),
    ];

    [Fact]
    public async Task Claim_WaitingWhenAPauseEnds_GetsTheTask()
    {
        var clock = new ManualClock();
        await using var ground = await Ground.StartAsync(clock);
        var agent = await ground.AgentAsync();
        var run = await ground.Client.SubmitAsync(Ground.Tenant);
        await ground.Client.UntilAsync(Ground.Tenant, run.RunId, node => node.TaskIs("one", "ready"));
        await ground.Client.CallAsync("POST", $"/tenants/{Ground.Tenant}/pause", """{"until":"2030-01-01T00:00:05Z"}""");
        Assert.Empty(await agent.ClaimAsync());

        clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Single(await agent.ClaimAsync());
    }

    [Fact]
    public async Task Run_PendingWhenAPauseEnds_Starts()
    {
        var clock = new ManualClock();
        await using var ground = await Ground.StartAsync(clock);
        var agent = await ground.AgentAsync();
        var run = await ground.Client.SubmitAsync(Ground.Tenant);
        await ground.Client.CallAsync("POST", $"/tenants/{Ground.Tenant}/pause", """{"until":"2030-01-01T00:00:05Z"}""");

        Assert.Empty(await agent.ClaimAsync());
        var started = await ground.Client.UntilAsync(Ground.Tenant, run.RunId, node =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return node.TaskIs("one", "ready");
        });

        Assert.NotNull(started["startedAt"]);
    }
}
