using System.Text.Json.Nodes;
using Headgate.EndToEnd.Tests.Contract.Kit;

namespace Headgate.EndToEnd.Tests.Clock;

public class SummaryTests
{
    [Fact]
    public async Task Summary_OfAllAgents_CountsThemTheirSlotsAndTheirTasks()
    {
        await using var ground = await ClockGround.StartAsync();
        var one = await ground.AgentAsync("one");
        await ground.AgentAsync("two");
        await ground.PolicyAsync("slow", """{"baseSeconds":100,"maxSeconds":100,"jitter":0}""");
        var retried = await ground.SubmitAsync(RunKit.With("""{"policy":"slow"}"""));
        await one.OutcomeAsync(await ground.ClaimAsync(one, retried), "failure", "connection refused");
        await ground.ClaimAsync(one, await ground.SubmitAsync(RunKit.With("{}")));

        var summary = await SummaryAsync(ground.Client);
        var slots = (int)(await ground.Client.ReadAsync($"/agents/{one.Id}")).Body!["settings"]!["maxConcurrentTasks"]!;

        Assert.Equal(["agents", "slots", "running", "inBackoff", "byType", "isComplete", "at"], summary.Fields());
        Assert.Equal("""{"total":2,"online":1,"late":0,"offline":1,"draining":0,"quarantined":0}""", summary["agents"]!.ToJsonString());
        Assert.Equal($$"""{"total":{{slots}},"available":{{slots - 1}}}""", summary["slots"]!.ToJsonString());
        Assert.Equal((1, 1, true), ((int)summary["running"]!, (int)summary["inBackoff"]!, (bool)summary["isComplete"]!));
        Assert.Equal("""{"taskType":"noop","agents":2,"running":1,"inBackoff":1}""", summary["byType"]!.AsArray().Single(type => (string)type!["taskType"]! == "noop")!.ToJsonString());
    }

    [Fact]
    public async Task Summary_OfAgentsKeptFromWork_CountsEachOnceAndNoneOfTheirSlots()
    {
        await using var ground = await ClockGround.StartAsync();
        foreach (var name in new[] { "one", "two", "three", "four" })
            await (await ground.AgentAsync(name)).BeatAsync();
        var ids = (await ground.Client.ReadAsync("/agents")).Body!["items"]!.AsArray().Select(agent => (string)agent!["agentId"]!).ToList();
        await ground.Client.CallAsync("POST", $"/agents/{ids[0]}/drain");
        await ground.Client.CallAsync("POST", $"/agents/{ids[1]}/drain");
        await ground.Client.CallAsync("POST", $"/agents/{ids[1]}/quarantine", """{"reason":"r"}""");

        var summary = await SummaryAsync(ground.Client);
        var slots = (int)(await ground.Client.ReadAsync($"/agents/{ids[2]}")).Body!["settings"]!["maxConcurrentTasks"]!;

        Assert.Equal("""{"total":4,"online":2,"late":0,"offline":0,"draining":1,"quarantined":1}""", summary["agents"]!.ToJsonString());
        Assert.Equal(2 * slots, (int)summary["slots"]!["available"]!);
    }

    [Fact]
    public async Task Summary_OfNoAgents_IsZeroes()
    {
        await using var ground = await ClockGround.StartAsync();

        var summary = await SummaryAsync(ground.Client);

        Assert.Equal("""{"total":0,"online":0,"late":0,"offline":0,"draining":0,"quarantined":0}""", summary["agents"]!.ToJsonString());
        Assert.Empty(summary["byType"]!.AsArray());
    }

    private static async Task<JsonNode> SummaryAsync(HttpClient client)
    {
        var reply = await client.ReadAsync("/agents/summary");
        Refused.Not(System.Net.HttpStatusCode.OK, reply);
        return reply.Body!;
    }
}
