using System.Text.Json.Nodes;
using Headgate.EndToEnd.Tests.Contract.Kit;

namespace Headgate.EndToEnd.Tests.Contract.Runs;

/// <summary>How a run ends when one of its tasks does.</summary>
public class EndingTests(ContractHost ground) : IClassFixture<ContractHost>
{
    /// <summary>Which agents there are, other tests decide too.</summary>
    private const string ForAnAgent = "^(no agent: |agents busy: |an agent to claim it: )";

    [SuiteTheory]
    [InlineData("failure", "permission denied", "failed")]
    [InlineData("cancelled", null, "cancelled")]
    public async Task Run_WhenOneTaskEndsBadly_SkipsWhatWaitsAndLetsTheRunningFinish(string status, string? message, string ended)
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        var run = (await ground.Client.SubmitAsync(tenant, Bodies.Run(Bodies.Task("a"), Bodies.Task("b"), Bodies.Task("c", needs: "a"), Bodies.Task("d", "other")))).RunId;
        var tasks = await ClaimAsync(agent, 2);

        await agent.OutcomeAsync(tasks["a"], status, message);
        var doomed = await ground.Client.UntilAsync(tenant, run, node => node.TaskIs("c", "skipped"));
        Assert.True(doomed.TaskIs("d", "skipped"));
        Assert.True(doomed.TaskIs("b", "assigned"));
        Assert.Equal("running", (string?)doomed["status"]);
        Assert.Equal(1, await ground.Client.InFlightAsync(tenant));
        Assert.Equal("completed", await agent.OutcomeAsync(tasks["b"]));
        var end = await ground.Client.EndAsync(tenant, run);

        Assert.Equal("failed", (string?)end["status"]);
        Assert.True(end.TaskIs("a", ended) && end.TaskIs("b", "completed"));
        Assert.Equal("a", (string?)end["failure"]!["taskName"]);
        Assert.Equal(0, await ground.Client.InFlightAsync(tenant));
    }

    [SuiteFact]
    public async Task Run_DoomedWhileAnotherTaskWaitsForItsRetry_SkipsThatToo()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        var run = (await ground.Client.SubmitAsync(tenant, Bodies.Run(Bodies.Task("a"), Bodies.Task("b")))).RunId;
        var tasks = await ClaimAsync(agent, 2);

        Assert.Equal("retry", await agent.OutcomeAsync(tasks["b"], "failure", "connection refused"));
        Assert.Equal("failed", await agent.OutcomeAsync(tasks["a"], "failure", "permission denied"));
        var end = await ground.Client.EndAsync(tenant, run);

        Assert.Equal("failed", (string?)end["status"]);
        Assert.True(end.TaskIs("b", "skipped"));
        Assert.Null(end.TaskOf("b")["nextRetryAt"]);
    }

    [SuiteFact]
    public async Task Run_OfAGraph_GivesEachTaskOnlyAfterItsNeeds()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        var run = (await ground.Client.SubmitAsync(tenant, Bodies.Run(Bodies.Task("d", needs: ["b", "c"]), Bodies.Task("b", needs: "a"), Bodies.Task("c", needs: "a"), Bodies.Task("a")))).RunId;
        var order = new List<string>();

        while (order.Count < 4)
        {
            foreach (var (name, task) in await ClaimAsync(agent, 1))
            {
                order.Add(name);
                await agent.OutcomeAsync(task);
            }
        }

        Assert.Equal("a", order[0]);
        Assert.Equal("d", order[3]);
        Assert.Equal("completed", (string?)(await ground.Client.EndAsync(tenant, run))["status"]);
    }

    [SuiteFact]
    public async Task Run_Ended_HasEveryFieldOfItsShape()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        var run = (await ground.Client.SubmitAsync(tenant)).RunId;
        await agent.OutcomeAsync(await agent.ClaimOneAsync(), "failure", "permission denied");

        var end = await ground.Client.EndAsync(tenant, run);

        Assert.Empty(new[] { "runId", "tenantId", "name", "status", "priority", "createdAt", "startedAt", "finishedAt", "failure", "tasks", "links" }.Except(end.Fields()));
        Assert.Equal(
            ["taskId", "runId", "name", "type", "status", "needs", "resources", "attempt", "maxRetries", "retriesRemaining", "nextRetryAt", "lastErrorCategory", "agentId", "waitingFor", "progress", "attempts", "output"],
            end.TaskOf().Fields());
        Assert.True(end["createdAt"].Time() <= end["startedAt"].Time() && end["startedAt"].Time() <= end["finishedAt"].Time());
        Assert.Equal((await ground.Client.ReadAsync($"/tasks/{run}.one")).Body!.ToJsonString(), end.TaskOf().ToJsonString());
    }

    [SuiteFact]
    public async Task Task_OfARunThatWaits_SaysWhatItWaitsFor()
    {
        var tenant = await ground.TenantAsync();
        var run = (await ground.Client.SubmitAsync(tenant, Bodies.Run(Bodies.Task("a"), Bodies.Task("b", needs: "a")))).RunId;

        var view = await ground.Client.UntilAsync(tenant, run, node => node.TaskIs("a", "ready"));

        Assert.Matches(ForAnAgent, (string?)view.TaskOf("a")["waitingFor"]);
        Assert.Contains("a", (string)view.TaskOf("b")["waitingFor"]!, StringComparison.Ordinal);
        Assert.Equal((0, 3, 3), ((int)view.TaskOf("a")["attempt"]!, (int)view.TaskOf("a")["maxRetries"]!, (int)view.TaskOf("a")["retriesRemaining"]!));
    }

    [SuiteTheory]
    [InlineData("pause", "paused")]
    [InlineData("suspend", "suspended")]
    public async Task Task_OfATenantThatIsHeld_SaysThatItWaitsForTheTenant(string move, string status)
    {
        var tenant = await ground.TenantAsync();
        var run = (await ground.Client.SubmitAsync(tenant, Bodies.Run(Bodies.Task("a"), Bodies.Task("b", needs: "a")))).RunId;
        await ground.Client.UntilAsync(tenant, run, node => node.TaskIs("a", "ready"));

        await ground.Client.CallAsync("POST", $"/tenants/{tenant}/{move}", """{"reason":"r"}""");
        var held = await ground.Client.RunAsync(tenant, run);
        var alone = (await ground.Client.ReadAsync($"/tasks/{run}.a")).Body!;
        await ground.Client.CallAsync("POST", $"/tenants/{tenant}/{(move == "pause" ? "resume" : "activate")}", """{"reason":"r"}""");

        Assert.Equal(status, (string?)held.TaskOf("a")["waitingFor"]);
        Assert.Equal($"tasks to complete: a, and the tenant, which is {status}", (string?)held.TaskOf("b")["waitingFor"]);
        Assert.Equal(status, (string?)alone["waitingFor"]);
        Assert.Matches(ForAnAgent, (string?)(await ground.Client.RunAsync(tenant, run)).TaskOf("a")["waitingFor"]);
    }

    [SuiteFact]
    public async Task Timeline_OfARunWithARetry_IsInOrderFromAdmissionToEnd()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        await ground.Client.CallAsync("PUT", $"/tenants/{tenant}/policies/p", """{"baseSeconds":0.05,"maxSeconds":0.05,"jitter":0}""");
        var run = (await ground.Client.SubmitAsync(tenant, Bodies.Run(Bodies.Task("one", policy: "p")))).RunId;
        await agent.OutcomeAsync(await agent.ClaimOneAsync(), "failure", "connection refused");
        await agent.OutcomeAsync(await agent.ClaimOneAsync());
        await ground.Client.EndAsync(tenant, run);

        var items = (await ground.Client.ReadAsync($"/tenants/{tenant}/runs/{run}/timeline")).Body!["items"]!.AsArray();

        var times = items.Select(item => item!["at"].Time()).ToList();
        Assert.Equal(times.Order(), times);
        var kinds = items.Select(item => (string)item!["kind"]!).ToList();
        Assert.Equal("run-admitted", kinds[0]);
        Assert.Equal("run-completed", kinds[^1]);
        Assert.Equal([1, 2], items.Where(item => (string)item!["kind"]! == "attempt-started").Select(item => (int)item!["attempt"]!));
        Assert.True(kinds.IndexOf("attempt-failure") < kinds.IndexOf("attempt-success"));
        Assert.All(items, item => Assert.Empty(item.Fields().Except(["at", "kind", "taskName", "attempt", "agentId", "detail"])));
    }

    private static async Task<Dictionary<string, JsonNode>> ClaimAsync(Agent agent, int count)
    {
        var tasks = new Dictionary<string, JsonNode>(StringComparer.Ordinal);
        while (tasks.Count < count)
        {
            foreach (var task in await agent.ClaimAsync(count, 20))
                tasks.Add(((string)task!["taskId"]!).Split('.')[1], task);
        }

        return tasks;
    }
}
