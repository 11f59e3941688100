using Headgate.EndToEnd.Tests.Contract.Kit;
using Headgate.EndToEnd.Tests.Support;

namespace Headgate.EndToEnd.Tests.Clock;

/// <summary>Agents that fall silent, on a clock in hand.</summary>
public class LostTests
{
    [Fact]
    public async Task Task_OfASilentAgentWithoutRetries_IsExhaustedAndBecomesADeadLetter()
    {
        await using var ground = await ClockGround.StartAsync();
        var agent = await ground.AgentAsync();
        var run = await ground.SubmitAsync(Bodies.Run(Bodies.Task("one", maxRetries: 0), Bodies.Task("two", needs: "one")));
        await agent.BeatAsync("s", await ground.ClaimAsync(agent, run));

        ground.Advance(60);
        var end = await ground.UntilAsync(run, node => node["finishedAt"] is not null);

        Assert.Equal("failed", (string?)end["status"]);
        Assert.True(end.TaskIs("one", "exhausted") && end.TaskIs("two", "skipped"));
        Assert.Equal("lost-agent", (string?)end["failure"]!["errorCategory"]);
        var letter = Assert.Single((await ground.Client.ReadAsync($"/tenants/{Ground.Tenant}/dead-letters")).Body!["items"]!.AsArray())!;
        Assert.Equal("lost-agent", (string?)letter["errorCategory"]);
        Assert.Equal(0, (int)(await ground.Client.ReadAsync($"/agents/{agent.Id}/load")).Body!["currentTasksCount"]!);
        Assert.Equal(0, await ground.Client.InFlightAsync(Ground.Tenant));
    }

    [Fact]
    public async Task Task_HandedToAnAgentThatNeverSaidSo_IsTriedAgainWithoutARetry()
    {
        await using var ground = await ClockGround.StartAsync();
        var agent = await ground.AgentAsync();
        var run = await ground.SubmitAsync(Bodies.Run(Bodies.Task("one", maxRetries: 0)));
        await ground.ClaimAsync(agent, run);

        ground.Advance(60);
        var again = await ground.ClaimAsync(agent, run);
        Assert.Equal("retry", await agent.OutcomeAsync(again, "released"));
        var third = await ground.ClaimAsync(agent, run);

        Assert.Equal("completed", await agent.OutcomeAsync(third));
        var end = await ground.UntilAsync(run, node => node["finishedAt"] is not null);
        Assert.Equal(["released", "released", "success"], end.TaskOf()["attempts"]!.AsArray().Select(attempt => (string?)attempt!["outcome"]));
    }

    [Fact]
    public async Task Task_OfASilentAgent_GoesToAnotherAndTheFirstIsTurnedAway()
    {
        await using var ground = await ClockGround.StartAsync();
        var (silent, alive) = (await ground.AgentAsync("silent"), await ground.AgentAsync("alive"));
        var run = await ground.SubmitAsync(Bodies.OneTask());
        var first = await ground.ClaimAsync(silent, run);
        await silent.BeatAsync("s", first);

        ground.Advance(60);
        var second = await ground.ClaimAsync(alive, run);
        var told = await silent.BeatAsync("s", first);
        var late = await silent.ReportAsync(first);
        var done = await alive.OutcomeAsync(second);
        var end = await ground.UntilAsync(run, node => node["finishedAt"] is not null);

        Assert.Equal([(string)first["taskId"]!], told.Body!["lost"]!.AsArray().Select(id => (string)id!));
        Assert.True(late.Code is "stale-attempt" or "task-not-found", late.Body!.ToJsonString());
        Assert.Equal("completed", done);
        Assert.Equal([silent.Id, alive.Id], end.TaskOf()["attempts"]!.AsArray().Select(attempt => (string)attempt!["agentId"]!));
        Assert.Equal("completed", (string?)end["status"]);
    }

    [Fact]
    public async Task Lease_OfAnAgentThatOnlyClaims_IsKeptByThatSignOfLife()
    {
        await using var ground = await ClockGround.StartAsync();
        var agent = await ground.AgentAsync();
        var run = await ground.SubmitAsync(Bodies.OneTask());
        var task = await ground.ClaimAsync(agent, run);

        for (var i = 0; i < 6; i++)
        {
            ground.Advance(20);
            await agent.ClaimAsync();
        }

        Assert.Equal("completed", await agent.OutcomeAsync(task));
    }

    [Fact]
    public async Task Run_WaitingForHours_GoesOnWhenAnAgentComes()
    {
        await using var ground = await ClockGround.StartAsync();
        var run = await ground.SubmitAsync(Bodies.OneTask());
        await ground.UntilTaskAsync(run, "one", "ready");

        ground.Advance(6 * 3600);
        var agent = await ground.AgentAsync();
        await agent.OutcomeAsync(await ground.ClaimAsync(agent, run));

        Assert.Equal("completed", (string?)(await ground.UntilAsync(run, node => node["finishedAt"] is not null))["status"]);
    }

    [Fact]
    public async Task Backoff_OfHours_EndsOnTime()
    {
        await using var ground = await ClockGround.StartAsync();
        var agent = await ground.AgentAsync();
        await ground.PolicyAsync("slow", """{"baseSeconds":3600,"maxSeconds":14400,"factor":10,"jitter":0,"maxRetries":20}""");
        var run = await ground.SubmitAsync(Bodies.Run(Bodies.Task("one", policy: "slow")));
        foreach (var delay in new[] { 3600, 14_400, 14_400 })
        {
            Assert.Equal("retry", await agent.OutcomeAsync(await ground.ClaimAsync(agent, run), "failure", "connection refused"));
            await ground.UntilTaskAsync(run, "one", "backoff");
            ground.Advance(delay - 1);
            Assert.Empty(await agent.ClaimAsync());
            ground.Advance(1);
        }

        Assert.Equal(4, (int)(await ground.ClaimAsync(agent, run))["attempt"]!);
    }
}
