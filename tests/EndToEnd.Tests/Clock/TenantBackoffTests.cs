using System.Text.Json.Nodes;
using Headgate.EndToEnd.Tests.Contract.Kit;
using Headgate.EndToEnd.Tests.Support;

namespace Headgate.EndToEnd.Tests.Clock;

public class TenantBackoffTests
{
    [Fact]
    public async Task Tenant_WhileItsTasksAreInBackoff_ShowsHowManyAndTheFirstRetry()
    {
        await using var ground = await ClockGround.StartAsync();
        var agent = await ground.AgentAsync();
        await ground.Client.CreateTenantAsync("other", "pro");
        foreach (var (name, seconds) in new[] { ("near", 100), ("far", 300) })
        {
            await ground.PolicyAsync(name, $$"""{"baseSeconds":{{seconds}},"jitter":0}""");
            var run = await ground.SubmitAsync(Bodies.Run(Bodies.Task("one", policy: name)));
            await agent.OutcomeAsync(await ground.ClaimAsync(agent, run), "failure", "connection refused");
        }

        var now = ground.Clock.GetUtcNow();
        var both = await StatusAsync(Ground.Tenant);
        ground.Advance(100);
        var one = await StatusAsync(Ground.Tenant);
        ground.Advance(200);
        var none = await StatusAsync(Ground.Tenant);

        Assert.Equal((2, now.AddSeconds(100)), ((int)both["tasksInBackoff"]!, both["earliestRetryAt"].Time()));
        Assert.Equal((1, now.AddSeconds(300)), ((int)one["tasksInBackoff"]!, one["earliestRetryAt"].Time()));
        Assert.Equal(["tenantId", "tasksInBackoff", "earliestRetryAt", "backoffTasks", "isComplete", "lastUpdatedAt"], both.Fields());
        Assert.Equal(["taskId", "taskType", "retryCount", "maxRetries", "nextRetryAt", "errorCategory"], both["backoffTasks"]![0].Fields());
        Assert.Equal((string?)both["earliestRetryAt"], (string?)both["backoffTasks"]![0]!["nextRetryAt"]);
        Assert.Equal(now, both["lastUpdatedAt"].Time());
        Assert.Equal(0, (int)none["tasksInBackoff"]!);
        Assert.Null(none["earliestRetryAt"]);
        Assert.Equal(0, (int)(await StatusAsync("other"))["tasksInBackoff"]!);
        Refused.With(404, "tenant-not-found", await ground.Client.ReadAsync("/tenants/nobody/backoff-status"));

        async Task<JsonNode> StatusAsync(string tenant) => (await ground.Client.ReadAsync($"/tenants/{tenant}/backoff-status")).Body!;
    }

    [Fact]
    public async Task Agent_WithManyTasksInBackoff_CountsAllAndListsTheFirst()
    {
        await using var ground = await ClockGround.StartAsync();
        var agent = await ground.AgentAsync();
        await ground.Client.CallAsync("PATCH", $"/agents/{agent.Id}/settings", """{"maxConcurrentTasks":100}""");
        await ground.PolicyAsync("slow", """{"baseSeconds":1000,"maxSeconds":1000,"jitter":0}""");
        var run = await ground.SubmitAsync(Bodies.Run([.. Enumerable.Range(0, 130).Select(i => Bodies.Task($"t{i}", policy: "slow"))]));
        await ground.UntilAsync(run, node => node["tasks"]!.AsArray().All(task => (string)task!["status"]! == "ready"));
        for (var left = 130; left > 0;)
        {
            foreach (var task in await agent.ClaimAsync(100))
            {
                await agent.OutcomeAsync(task!, "failure", "connection refused");
                left--;
            }
        }

        // Nothing was heard of it since: what is shown is what stands.
        ground.Advance(600);
        foreach (var path in new[] { $"/agents/{agent.Id}/backoff-status", $"/tenants/{Ground.Tenant}/backoff-status" })
        {
            var status = (await ground.Client.ReadAsync(path)).Body!;
            Assert.Equal((130, 100), ((int)status["tasksInBackoff"]!, status["backoffTasks"]!.AsArray().Count));
            Assert.Equal((string?)status["earliestRetryAt"], (string?)status["backoffTasks"]![0]!["nextRetryAt"]);
        }

        ground.Advance(400);
        Assert.Equal(0, (int)(await ground.Client.ReadAsync($"/agents/{agent.Id}/backoff-status")).Body!["tasksInBackoff"]!);
    }
}
