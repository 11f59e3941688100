using Headgate.EndToEnd.Tests.Contract.Kit;
using Headgate.EndToEnd.Tests.Support;
using Headgate.TestKit;

namespace Headgate.EndToEnd.Tests.Clock;

/// <summary>What becomes of a silent agent, and of a run that waits for one to stop.</summary>
public class SilentAgentTests
{
    [Fact]
    public async Task Status_OfASilentAgent_GoesFromOnlineToLateToOffline()
    {
        var clock = new ManualClock();
        await using var own = await Ground.StartAsync(clock);
        var agent = await own.AgentAsync();
        async Task<string> StatusAsync() => (string)(await own.Client.ReadAsync($"/agents/{agent.Id}")).Body!["status"]!;

        await agent.BeatAsync();
        var fresh = await StatusAsync();
        clock.Advance(TimeSpan.FromSeconds(25));
        var quiet = await StatusAsync();
        clock.Advance(TimeSpan.FromSeconds(10));
        var silent = await StatusAsync();
        await agent.ClaimAsync();

        Assert.Equal(("online", "late", "offline", "online"), (fresh, quiet, silent, await StatusAsync()));
    }

    [Fact]
    public async Task Cancel_WithAnAgentThatNeverAnswers_ClosesAfter30Seconds()
    {
        await using var own = await ClockGround.StartAsync();
        var agent = await own.AgentAsync();
        var run = await own.SubmitAsync(Bodies.OneTask());
        var task = await own.ClaimAsync(agent, run);

        await own.Client.PostAsync($"/tenants/{Ground.Tenant}/runs/{run}/cancel");
        own.Advance(15);
        await agent.BeatAsync("s", task);
        own.Advance(14.9);
        var before = await own.RunAsync(run);
        own.Advance(0.2);
        var end = await own.UntilAsync(run, node => node["finishedAt"] is not null);

        Assert.Equal("running", (string?)before["status"]);
        Assert.Equal("cancelled", (string?)end["status"]);
        Assert.True(end.TaskIs("one", "cancelled"));
        Refused.With(409, "stale-attempt", await agent.ReportAsync(task));
        Assert.Equal(0, await own.Client.InFlightAsync(Ground.Tenant));
        Assert.Equal([(string)task["taskId"]!], (await agent.BeatAsync("s", task)).Body!["lost"]!.AsArray().Select(id => (string)id!));
    }
}
