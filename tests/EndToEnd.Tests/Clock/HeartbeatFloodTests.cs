using System.Net;
using Headgate.EndToEnd.Tests.Contract.Kit;

namespace Headgate.EndToEnd.Tests.Clock;

public class HeartbeatFloodTests
{
    [Fact]
    public async Task Heartbeats_OfAFlood_AreRefusedBeyondTheFirstFiveHundredAndHarmNobodyElse()
    {
        await using var ground = await ClockGround.StartAsync();
        var (flooding, calm) = (await ground.AgentAsync("flooding"), await ground.AgentAsync("calm"));

        var replies = await Task.WhenAll(Enumerable.Range(0, 550).Select(_ => flooding.BeatAsync()));

        Assert.Equal(500, replies.Count(reply => reply.Status == HttpStatusCode.OK));
        foreach (var refused in replies.Where(reply => reply.Status != HttpStatusCode.OK))
        {
            Refused.With(429, "too-many-heartbeats", refused);
            Assert.Equal("1", refused.Header("Retry-After"));
        }

        Refused.Not(HttpStatusCode.OK, await calm.BeatAsync());
        var run = await ground.SubmitAsync(Bodies.OneTask());
        Assert.Equal("completed", await flooding.OutcomeAsync(await ground.ClaimAsync(flooding, run)));
        ground.Advance(1);
        Refused.Not(HttpStatusCode.OK, await flooding.BeatAsync());
    }
}
