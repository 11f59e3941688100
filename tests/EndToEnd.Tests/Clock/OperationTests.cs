using Headgate.EndToEnd.Tests.Contract.Kit;
using Headgate.EndToEnd.Tests.Support;

namespace Headgate.EndToEnd.Tests.Clock;

/// <summary>What the operator sees of a service of its own.</summary>
public class OperationTests
{
    [Fact]
    public async Task Queues_WithTasksThatWait_CountThem()
    {
        await using var ground = await ClockGround.StartAsync();
        var run = await ground.SubmitAsync(Bodies.Run(Bodies.Task("a"), Bodies.Task("b"), Bodies.Task("c", needs: "a")));
        await ground.UntilAsync(run, node => node.TaskIs("a", "ready") && node.TaskIs("b", "ready"));
        ground.Advance(5);

        var queues = (await ground.Client.ReadAsync("/queues")).Body!;

        Assert.Equal(["runs", "tasks", "backlog"], queues.Fields());
        foreach (var queue in new[] { "runs", "tasks" })
            Assert.Equal(["depth", "scheduled", "deadLettered", "oldestAgeSeconds"], queues[queue].Fields());
        Assert.Equal((2, 5.0), ((int)queues["tasks"]!["depth"]!, (double)queues["tasks"]!["oldestAgeSeconds"]!));
        Assert.Equal(0, (int)queues["runs"]!["depth"]!);
        Assert.Equal($$"""[{"tenantId":"{{Ground.Tenant}}","depth":2,"oldestAgeSeconds":5}]""", queues["backlog"]!.ToJsonString());
    }

    [Fact]
    public async Task Month_OfRunsAndDurations_IsCountedPerTenant()
    {
        await using var ground = await Ground.StartAsync();
        var agent = await ground.AgentAsync();
        await ground.Client.SubmitAsync(Ground.Tenant);
        await ground.Client.SubmitAsync(Ground.Tenant);
        var task = await agent.ClaimOneAsync();
        await agent.OutcomeAsync(task);
        await ground.Client.EndAsync(Ground.Tenant, (string)task["runId"]!);

        var tenant = (await ground.Client.ReadAsync($"/tenants/{Ground.Tenant}")).Body!;

        Assert.Equal((1, 2), ((int)tenant["inFlight"]!, (int)tenant["runsThisMonth"]!));
    }
}
