using Headgate.EndToEnd.Tests.Contract.Kit;
using Headgate.EndToEnd.Tests.Support;

namespace Headgate.EndToEnd.Tests.Clock;

/// <summary>Retries on a clock in hand: never early, never beyond the budget.</summary>
public class BackoffTests
{
    [Fact]
    public async Task Retry_BeforeItsBackoffEnds_IsNeverHandedOut()
    {
        await using var ground = await ClockGround.StartAsync();
        var agent = await ground.AgentAsync();
        await ground.PolicyAsync("p", """{"baseSeconds":100,"maxSeconds":150,"factor":2,"jitter":0,"maxRetries":3}""");
        var run = await ground.SubmitAsync(Bodies.Run(Bodies.Task("one", policy: "p")));

        foreach (var (delay, remaining) in new[] { (100, 2), (150, 1), (150, 0) })
        {
            var task = await ground.ClaimAsync(agent, run);
            var reply = await agent.ReportAsync(task, "failure", "connection refused");
            Assert.Equal(ground.Clock.GetUtcNow().AddSeconds(delay), reply.Body!["nextRetryAt"].Time());
            var waiting = (await ground.UntilTaskAsync(run, "one", "backoff")).TaskOf();
            Assert.Equal((remaining, 3), ((int)waiting["retriesRemaining"]!, (int)waiting["maxRetries"]!));
            Assert.Equal((string?)reply.Body["nextRetryAt"], (string?)waiting["nextRetryAt"]);

            ground.Advance(delay - 0.001);
            Assert.Empty(await agent.ClaimAsync());
            Assert.True((await ground.RunAsync(run)).TaskIs("one", "backoff"));
            ground.Advance(0.001);
        }

        var last = await ground.ClaimAsync(agent, run);
        Assert.Equal(4, (int)last["attempt"]!);
        Assert.Equal("exhausted", await agent.OutcomeAsync(last, "failure", "connection refused"));
        var ended = await ground.UntilAsync(run, node => node["finishedAt"] is not null);
        Assert.Equal(("failed", "exhausted", 0, 4), ((string?)ended["status"], (string?)ended.TaskOf()["status"], (int)ended.TaskOf()["retriesRemaining"]!, ended.TaskOf()["attempts"]!.AsArray().Count));
        Assert.Null(ended.TaskOf()["nextRetryAt"]);
        ground.Advance(10_000);
        Assert.Empty(await agent.ClaimAsync());
    }

    [Fact]
    public async Task Retry_WithJitter_StaysInsideTheCap()
    {
        await using var ground = await ClockGround.StartAsync();
        var agent = await ground.AgentAsync();
        await ground.PolicyAsync("p", """{"baseSeconds":10,"maxSeconds":10,"jitter":1}""");
        var run = await ground.SubmitAsync(Bodies.Run([.. Enumerable.Range(0, 20).Select(i => Bodies.Task($"t{i}", policy: "p"))]));
        await ground.UntilAsync(run, node => node["tasks"]!.AsArray().All(task => (string)task!["status"]! == "ready"));

        var now = ground.Clock.GetUtcNow();
        foreach (var task in await agent.ClaimAsync(20))
        {
            var next = (await agent.ReportAsync(task!, "failure", "connection refused")).Body!["nextRetryAt"].Time();
            Assert.InRange(next, now, now.AddSeconds(10));
        }
    }

    [Fact]
    public async Task Retry_OfALostAgent_ComesAtOnceTheFirstTimeAndWithBackoffTheSecond()
    {
        await using var ground = await ClockGround.StartAsync();
        var agent = await ground.AgentAsync();
        await ground.PolicyAsync("p", """{"baseSeconds":600,"maxSeconds":600,"jitter":0,"maxRetries":2}""");
        var run = await ground.SubmitAsync(Bodies.Run(Bodies.Task("one", policy: "p")));
        var first = await ground.ClaimAsync(agent, run);
        await agent.BeatAsync("s", first);

        ground.Advance(29);
        Assert.True((await ground.RunAsync(run)).TaskIs("one", "running"));
        ground.Advance(20);
        var lost = (await ground.UntilTaskAsync(run, "one", "ready")).TaskOf();
        var late = await agent.ReportAsync(first);
        var second = await ground.ClaimAsync(agent, run);
        await agent.BeatAsync("s", second);
        ground.Advance(60);
        var again = (await ground.UntilTaskAsync(run, "one", "backoff")).TaskOf();

        Assert.Equal(("lost-agent", 1), ((string?)lost["lastErrorCategory"], (int)lost["retriesRemaining"]!));
        Refused.With(409, "stale-attempt", late);
        Assert.Equal(2, (int)second["attempt"]!);
        Assert.Equal(0, (int)again["retriesRemaining"]!);
        Assert.InRange(again["nextRetryAt"].Time(), ground.Clock.GetUtcNow().AddSeconds(540), ground.Clock.GetUtcNow().AddSeconds(600));
    }

    [Fact]
    public async Task Lease_RenewedByHeartbeats_Holds()
    {
        await using var ground = await ClockGround.StartAsync();
        var agent = await ground.AgentAsync();
        var run = await ground.SubmitAsync(Bodies.OneTask());
        var task = await ground.ClaimAsync(agent, run);

        for (var i = 0; i < 10; i++)
        {
            ground.Advance(25);
            await agent.BeatAsync("s", task);
        }

        Assert.Equal("completed", await agent.OutcomeAsync(task));
    }

    [Fact]
    public async Task Task_PastItsTimeout_IsTakenBackWithinSecondsAlthoughItsAgentLives()
    {
        await using var ground = await ClockGround.StartAsync();
        var agent = await ground.AgentAsync();
        await ground.PolicyAsync("p", """{"baseSeconds":600,"maxSeconds":600,"jitter":0}""");
        var run = RunKit.With("""{"timeoutSeconds":40,"policy":"p"}""");
        var id = await ground.SubmitAsync(run);
        var task = await ground.ClaimAsync(agent, id);

        for (var i = 0; i < 6; i++)
        {
            await agent.BeatAsync("s", task);
            ground.Advance(11.5);
        }

        await agent.BeatAsync("s", task);
        Assert.True((await ground.RunAsync(id)).TaskIs("one", "running"));
        // 40 s and the lease of 30 s end a second from here, and somebody looks every second.
        ground.Advance(2);
        var after = (await ground.UntilTaskAsync(id, "one", "backoff")).TaskOf();
        Assert.Equal("timeout", (string?)after["lastErrorCategory"]);
        Assert.Equal([(string)task["taskId"]!], (await agent.BeatAsync("s", task)).Body!["lost"]!.AsArray().Select(lost => (string)lost!));
        Refused.With(409, "stale-attempt", await agent.ReportAsync(task));
    }

    [Fact]
    public async Task Retry_WhileTheTenantIsPaused_Waits()
    {
        await using var ground = await ClockGround.StartAsync();
        var agent = await ground.AgentAsync();
        await ground.PolicyAsync("p", """{"baseSeconds":5,"jitter":0}""");
        var run = await ground.SubmitAsync(Bodies.Run(Bodies.Task("one", policy: "p")));
        var task = await ground.ClaimAsync(agent, run);
        await ground.Client.PostAsync($"/tenants/{Ground.Tenant}/pause");

        Assert.Equal("retry", await agent.OutcomeAsync(task, "failure", "connection refused"));
        await ground.UntilTaskAsync(run, "one", "backoff");
        ground.Advance(100);
        Assert.Empty(await agent.ClaimAsync());
        await ground.Client.PostAsync($"/tenants/{Ground.Tenant}/resume");

        Assert.Equal(2, (int)(await ground.ClaimAsync(agent, run))["attempt"]!);
    }
}
