using Headgate.EndToEnd.Tests.Contract.Kit;

namespace Headgate.EndToEnd.Tests.Contract.Agents;

public class LoadTests(ContractHost ground) : IClassFixture<ContractHost>
{
    [SuiteFact]
    public async Task Load_OfAnIdleAgent_IsWholeAndEmpty()
    {
        var agent = await ground.AgentAsync(await ground.TenantAsync(), maxConcurrentTasks: 2);

        var load = (await ground.Client.ReadAsync($"/agents/{agent.Id}/load")).Body!;

        foreach (var field in new[] { "currentTasksCount", "maxConcurrentTasks", "availableSlots", "availableSlotsByType", "runningTaskTypes", "isSaturated", "lastSeenAt" })
            Assert.Contains(field, load.Fields());
        Assert.Equal((0, 2, 2, false), Counts(load));
        Assert.Null(load["lastSeenAt"]);
    }

    [SuiteFact]
    public async Task Load_OfAFullAgent_IsSaturated()
    {
        var tenant = await ground.TenantAsync();
        var agent = await ground.AgentAsync(tenant, 3, null, "noop", "backup");
        await ground.Client.CallAsync("PATCH", $"/agents/{agent.Id}/settings", """{"typeLimits":{"backup":2}}""");
        await ground.Client.SubmitAsync(tenant, Bodies.Run(Bodies.Task("a"), Bodies.Task("b"), Bodies.Task("c", "backup")));
        var tasks = new List<System.Text.Json.Nodes.JsonNode>();
        while (tasks.Count < 3)
            tasks.AddRange((await agent.ClaimAsync(3, 20))!);

        var full = (await ground.Client.ReadAsync($"/agents/{agent.Id}/load")).Body!;
        await agent.OutcomeAsync(tasks.Find(task => (string)task["type"]! == "noop")!);
        var less = (await ground.Client.ReadAsync($"/agents/{agent.Id}/load")).Body!;

        Assert.Equal((3, 3, 0, true), Counts(full));
        Assert.Equal("""[{"taskType":"backup","count":1},{"taskType":"noop","count":2}]""", full["runningTaskTypes"]!.ToJsonString());
        Assert.Equal("""[{"taskType":"backup","available":0,"maximum":2}]""", full["availableSlotsByType"]!.ToJsonString());
        full["lastSeenAt"].Time();
        Assert.Equal((2, 3, 1, false), Counts(less));
        Assert.Equal("""[{"taskType":"backup","available":1,"maximum":2}]""", less["availableSlotsByType"]!.ToJsonString());
    }

    [SuiteFact]
    public async Task BackoffStatus_WhileTasksWait_ListsThemSoonestFirst()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        var empty = (await ground.Client.ReadAsync($"/agents/{agent.Id}/backoff-status")).Body!;
        await ground.Client.CallAsync("PUT", $"/tenants/{tenant}/policies/far", """{"baseSeconds":3600,"maxSeconds":3600,"jitter":0,"maxRetries":5}""");
        await ground.Client.CallAsync("PUT", $"/tenants/{tenant}/policies/near", """{"baseSeconds":1800,"maxSeconds":1800,"jitter":0}""");
        await ground.Client.SubmitAsync(tenant, Bodies.Run(Bodies.Task("a", policy: "far"), Bodies.Task("b", policy: "near")));
        for (var claimed = 0; claimed < 2;)
        {
            foreach (var task in await agent.ClaimAsync(2, 20))
            {
                claimed++;
                Assert.Equal("retry", await agent.OutcomeAsync(task!, "failure", "connection refused"));
            }
        }

        var status = (await ground.Client.ReadAsync($"/agents/{agent.Id}/backoff-status")).Body!;

        Assert.Equal(0, (int)empty["tasksInBackoff"]!);
        Assert.Null(empty["earliestRetryAt"]);
        Assert.Equal(2, (int)status["tasksInBackoff"]!);
        var tasks = status["backoffTasks"]!.AsArray();
        Assert.Equal(["taskId", "taskType", "retryCount", "maxRetries", "nextRetryAt", "errorCategory"], tasks[0].Fields());
        Assert.EndsWith(".b", (string)tasks[0]!["taskId"]!, StringComparison.Ordinal);
        Assert.Equal((1, 5, "network"), ((int)tasks[1]!["retryCount"]!, (int)tasks[1]!["maxRetries"]!, (string)tasks[1]!["errorCategory"]!));
        Assert.Equal((string?)tasks[0]!["nextRetryAt"], (string?)status["earliestRetryAt"]);
        status["lastUpdatedAt"].Time();
    }

    private static (int Count, int Max, int Available, bool IsSaturated) Counts(System.Text.Json.Nodes.JsonNode load) =>
        ((int)load["currentTasksCount"]!, (int)load["maxConcurrentTasks"]!, (int)load["availableSlots"]!, (bool)load["isSaturated"]!);
}
