using System.Text.Json.Nodes;
using Headgate.EndToEnd.Tests.Contract.Kit;

namespace Headgate.EndToEnd.Tests.Clock;

public class LoadSmoothingTests
{
    [Theory]
    [InlineData(30, 1)]
    [InlineData(1, 30)]
    public async Task Load_OfWhatWasReported_IsAMeanThatDependsOnTimeAndNotOnThePace(int beats, int secondsEach)
    {
        await using var ground = await ClockGround.StartAsync();
        var agent = await ground.AgentAsync("one");
        await BeatAsync(agent, 0, 10);
        for (var i = 0; i < beats; i++)
        {
            ground.Clock.Advance(TimeSpan.FromSeconds(secondsEach));
            await BeatAsync(agent, 100, 10);
        }

        var load = (await ground.Client.ReadAsync($"/agents/{agent.Id}/load")).Body!;

        Assert.Equal((63.2, 10.0, 2), ((double)load["cpuPercent"]!, (double)load["memoryPercent"]!, (int)load["reportedFreeSlots"]!));
    }

    [Fact]
    public async Task Load_OfAnAgentThatSaysNothing_IsNotTold()
    {
        await using var ground = await ClockGround.StartAsync();
        var agent = await ground.AgentAsync("one");
        await BeatAsync(agent, 50, 10);
        await agent.BeatAsync();

        var load = (await ground.Client.ReadAsync($"/agents/{agent.Id}/load")).Body!;

        Assert.Null(load["cpuPercent"]);
        Assert.Null(load["memoryPercent"]);
        Assert.Null(load["reportedFreeSlots"]);
    }

    private static Task<Reply> BeatAsync(Agent agent, int cpu, int memory) => agent.Client.PostAsync($"/agents/{agent.Id}/heartbeat", new JsonObject
    {
        ["version"] = "1",
        ["os"] = "linux",
        ["uptimeSeconds"] = 1,
        ["session"] = "s1",
        ["load"] = new JsonObject { ["cpuPercent"] = cpu, ["memoryPercent"] = memory, ["freeSlots"] = 2 },
    });
}
