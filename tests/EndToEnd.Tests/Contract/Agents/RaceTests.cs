using System.Net;
using System.Text.Json.Nodes;
using Headgate.EndToEnd.Tests.Contract.Kit;
using Headgate.TestKit;

namespace Headgate.EndToEnd.Tests.Contract.Agents;

/// <summary>Agents that come, change and go while work is about.</summary>
public class RaceTests(ContractHost ground) : IClassFixture<ContractHost>
{
    [SuiteFact]
    public async Task Agent_RemovedWithATaskInHand_GivesItToAnother()
    {
        var (tenant, first) = await ground.TenantWithAgentAsync();
        await ground.Client.SubmitAsync(tenant);
        var task = await first.ClaimOneAsync();

        await ground.Client.CallAsync("DELETE", $"/agents/{first.Id}");
        var second = await ground.AgentAsync(tenant);
        var again = await second.ClaimOneAsync();

        Assert.Equal((string)task["taskId"]!, (string)again["taskId"]!);
        Assert.Equal(2, (int)again["attempt"]!);
    }

    [SuiteFact]
    public async Task Agent_RemovedWhileItsClaimWaits_IsAnsweredAndTakesNothing()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        var waiting = agent.Client.PostAsync($"/agents/{agent.Id}/tasks/claim", new JsonObject { ["max"] = 1, ["waitSeconds"] = 2 });

        await ground.Client.CallAsync("DELETE", $"/agents/{agent.Id}");
        await ground.Client.SubmitAsync(tenant);
        var reply = await waiting;
        var other = await ground.AgentAsync(tenant);

        Assert.True(reply.Status is HttpStatusCode.NotFound or HttpStatusCode.Unauthorized || reply.Body!["tasks"]!.AsArray().Count == 0);
        Assert.Equal(1, (int)(await other.ClaimOneAsync())["attempt"]!);
    }

    [SuiteFact]
    public async Task Claim_WhoseClientLeft_LosesNoTask()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        using var left = new CancellationTokenSource();
        var claim = agent.Client.PostAsync($"/agents/{agent.Id}/tasks/claim", new StringContent("""{"max":1,"waitSeconds":30}"""), left.Token);
        await agent.BeatAsync();
        await left.CancelAsync();
        await Record.ExceptionAsync(() => claim);

        await ground.Client.SubmitAsync(tenant);
        var other = await ground.AgentAsync(tenant);
        using var limit = new CancellationTokenSource(Patience.Limit);
        // The claim may still have been there to take it: then two heartbeats without it bring it back.
        while ((await other.ClaimAsync(1, 1)).Count == 0)
        {
            Assert.False(limit.IsCancellationRequested, "The task is lost.");
            await agent.BeatAsync();
        }
    }

    [SuiteFact]
    public async Task Agent_RegisteredAgainWithOtherCapabilities_TakesThose()
    {
        var tenant = await ground.TenantAsync();
        var agent = await ground.AgentAsync(tenant, types: "backup");
        var name = (string)(await ground.Client.ReadAsync($"/agents/{agent.Id}")).Body!["name"]!;
        await ground.Client.SubmitAsync(tenant);

        var again = await ground.Client.PostAsync("/agents", AgentKit.Profile(name, tenant, "noop"));

        Assert.Equal(HttpStatusCode.OK, again.Status);
        Assert.Equal("""["noop"]""", (await ground.Client.ReadAsync($"/agents/{agent.Id}")).Body!["capabilities"]!.ToJsonString());
        Assert.Equal("noop", (string?)(await agent.ClaimOneAsync())["type"]);
    }

    [SuiteFact]
    public async Task Load_AfterTheTotalWasLoweredBelowWhatIsHeld_IsSaturatedNotNegative()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        await ground.Client.SubmitAsync(tenant, Bodies.Run(Bodies.Task("a"), Bodies.Task("b"), Bodies.Task("c"), Bodies.Task("d")));
        var held = 0;
        while (held < 3)
            held += (await agent.ClaimAsync(3 - held, 20)).Count;

        await ground.Client.CallAsync("PATCH", $"/agents/{agent.Id}/settings", """{"maxConcurrentTasks":2,"typeLimits":{"noop":1}}""");
        var load = (await ground.Client.ReadAsync($"/agents/{agent.Id}/load")).Body!;

        Assert.Equal((3, 2, 0, true), ((int)load["currentTasksCount"]!, (int)load["maxConcurrentTasks"]!, (int)load["availableSlots"]!, (bool)load["isSaturated"]!));
        Assert.Equal("""[{"taskType":"noop","available":0,"maximum":1}]""", load["availableSlotsByType"]!.ToJsonString());
        Assert.Empty(await agent.ClaimAsync());
    }

    [SuiteFact]
    public async Task Pin_ToASharedAgent_IsForEveryTenant()
    {
        var shared = await ground.AgentAsync(null, types: "pinned");
        var tenant = await ground.TenantAsync();

        var run = await ground.Client.SubmitAsync(tenant, RunKit.With($$"""{"agent":"{{shared.Id}}","type":"pinned"}"""));

        Assert.Equal(HttpStatusCode.Accepted, run.Status);
        Assert.Equal(run.RunId, (string?)(await shared.ClaimOneAsync())["runId"]);
    }

    [SuiteFact]
    public async Task Everything_AtOnce_EndsEveryRunAndFreesEverySlot()
    {
        const int Runs = 60;
        var tenant = await ground.TenantAsync("enterprise", """{"maxConcurrentRuns":10}""");
        await ground.Client.CallAsync("PUT", $"/tenants/{tenant}/policies/default", """{"baseSeconds":0.05,"maxSeconds":0.05,"maxRetries":1}""");
        var agents = new List<Agent>();
        for (var i = 0; i < 3; i++)
            agents.Add(await ground.AgentAsync(tenant, maxConcurrentTasks: 4));
        var ids = new List<string>();
        var applied = new System.Collections.Concurrent.ConcurrentBag<string>();
        using var done = new CancellationTokenSource();

        async Task WorkAsync(Agent agent, Random random)
        {
            while (!done.IsCancellationRequested)
            {
                foreach (var task in await agent.ClaimAsync(4, 1))
                {
                    applied.Add($"{task!["taskId"]}/{task["attempt"]}");
                    await agent.ReportAsync(task, random.Next(3) == 0 ? "failure" : "success", random.Next(2) == 0 ? "connection refused" : "permission denied");
                }
            }
        }

        var workers = agents.SelectMany((agent, i) => new[] { WorkAsync(agent, new Random(i)), WorkAsync(agent, new Random(10 + i)) }).ToList();
        var most = 0;
        for (var i = 0; i < Runs;)
        {
            var reply = await ground.Client.SubmitAsync(tenant, Bodies.Run(Bodies.Task("a"), Bodies.Task("b"), Bodies.Task("c", needs: ["a", "b"])));
            most = Math.Max(most, await ground.Client.InFlightAsync(tenant));
            if (reply.Status != HttpStatusCode.Accepted)
                continue;
            ids.Add(reply.RunId);
            if (i++ % 7 == 0)
                await ground.Client.PostAsync($"/tenants/{tenant}/runs/{reply.RunId}/cancel");
        }

        foreach (var id in ids)
        {
            var run = await ground.Client.EndAsync(tenant, id);
            Assert.All(run["tasks"]!.AsArray(), task => Assert.Contains((string)task!["status"]!, new[] { "completed", "failed", "exhausted", "cancelled", "skipped" }));
        }

        await done.CancelAsync();
        await Task.WhenAll(workers);
        Assert.InRange(most, 1, 10);
        Assert.Equal(applied.Count, applied.Distinct().Count());
        Assert.Equal(0, await ground.Client.InFlightAsync(tenant));
        foreach (var agent in agents)
            Assert.Equal(0, (int)(await ground.Client.ReadAsync($"/agents/{agent.Id}/load")).Body!["currentTasksCount"]!);
    }
}
