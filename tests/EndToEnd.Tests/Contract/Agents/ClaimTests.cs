using System.Net;
using System.Text.Json.Nodes;
using Headgate.EndToEnd.Tests.Contract.Kit;
using Headgate.TestKit;

namespace Headgate.EndToEnd.Tests.Contract.Agents;

public class ClaimTests(ContractHost ground) : IClassFixture<ContractHost>
{
    [SuiteFact]
    public async Task Claim_OneTask_GivesItAsTheContractSays()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        var before = DateTimeOffset.UtcNow;
        var run = (await ground.Client.SubmitAsync(tenant, RunKit.With("""{"payload":{"a":[1]},"timeoutSeconds":60}"""))).RunId;

        var task = await agent.ClaimOneAsync();

        Assert.Equal(["taskId", "runId", "tenantId", "type", "attempt", "leaseUntil", "timeoutSeconds", "payload"], task.Fields());
        Assert.Equal((run + ".one", run, tenant, "noop", 1, 60), ((string)task["taskId"]!, (string)task["runId"]!, (string)task["tenantId"]!, (string)task["type"]!, (int)task["attempt"]!, (int)task["timeoutSeconds"]!));
        Assert.Equal("""{"a":[1]}""", task["payload"]!.ToJsonString());
        Assert.InRange(task["leaseUntil"].Time(), before.AddSeconds(ContractHost.LeaseSeconds - 1), DateTimeOffset.UtcNow.AddSeconds(ContractHost.LeaseSeconds + 1));
    }

    [SuiteTheory]
    [InlineData("""{"max":0}""", "max")]
    [InlineData("""{"max":101}""", "max")]
    [InlineData("""{"max":1,"waitSeconds":31}""", "waitSeconds")]
    [InlineData("""{"max":1,"waitSeconds":-1}""", "waitSeconds")]
    [InlineData("""{"max":"1","waitSeconds":0.5,"wait":1}""", "max", "wait", "waitSeconds")]
    public async Task Claim_WrongBody_IsRefusedWithEveryProblem(string body, params string[] paths)
    {
        var (_, agent) = await ground.TenantWithAgentAsync();

        Refused.At(await agent.Client.CallAsync("POST", $"/agents/{agent.Id}/tasks/claim", body), paths);
    }

    [SuiteFact]
    public async Task Claim_ByManyAtOnce_NeverGivesMoreThanThereIsRoomFor()
    {
        var tenant = await ground.TenantAsync();
        var agent = await ground.AgentAsync(tenant, maxConcurrentTasks: 3);
        await ReadyAsync(tenant, 10, "noop");

        var tasks = await ClaimAsync(3, () => Enumerable.Range(0, 12).Select(_ => agent.ClaimAsync(5)));

        Assert.Equal(3, tasks.Select(task => (string)task["taskId"]!).Distinct().Count());
        await agent.OutcomeAsync(tasks[0]);
        Assert.Single(await agent.ClaimSomeAsync(5));
    }

    [SuiteFact]
    public async Task Claim_ByManyAgentsAtOnce_GivesEachTaskOnce()
    {
        var tenant = await ground.TenantAsync();
        var agents = new List<Agent>();
        for (var i = 0; i < 6; i++)
            agents.Add(await ground.AgentAsync(tenant, maxConcurrentTasks: 4));
        await ReadyAsync(tenant, 20, "noop");

        var tasks = await ClaimAsync(20, () => agents.Concat(agents).Select(agent => agent.ClaimAsync(3)));

        Assert.Equal(20, tasks.Select(task => (string)task["taskId"]!).Distinct().Count());
    }

    [SuiteFact]
    public async Task Claim_WithTypeLimits_KeepsToThemAndLeavesNoRoomUnused()
    {
        var tenant = await ground.TenantAsync();
        var agent = await ground.AgentAsync(tenant, 5, null, "slow", "quick", "never");
        await ground.Client.CallAsync("PATCH", $"/agents/{agent.Id}/settings", """{"typeLimits":{"slow":1,"never":0}}""");
        await ReadyAsync(tenant, 5, "slow");
        await ReadyAsync(tenant, 5, "never");
        await ReadyAsync(tenant, 5, "quick");

        var tasks = await ClaimAsync(5, () => Enumerable.Range(0, 8).Select(_ => agent.ClaimAsync(5)));

        Assert.Equal(1, tasks.Count(task => (string)task["type"]! == "slow"));
        Assert.Equal(4, tasks.Count(task => (string)task["type"]! == "quick"));
    }

    [SuiteFact]
    public async Task Claim_ByAnAgentWithoutCapabilities_GivesNothing()
    {
        var tenant = await ground.TenantAsync();
        var profile = AgentKit.Profile("none", tenant);
        profile.Remove("capabilities");
        var registered = (await ground.Client.PostAsync("/agents", profile)).Body!;
        var agent = new Agent((string)registered["agentId"]!, ground.NewClient((string)registered["key"]!));
        await ReadyAsync(tenant, 1, "noop");

        Assert.Empty(await agent.ClaimAsync());
    }

    [SuiteFact]
    public async Task Claim_ByCapability_GivesOnlyTheTypesListed()
    {
        var tenant = await ground.TenantAsync();
        var agent = await ground.AgentAsync(tenant, types: "backup");
        await ReadyAsync(tenant, 2, "noop");
        await ReadyAsync(tenant, 1, "backup");

        Assert.Equal("backup", (string?)Assert.Single(await agent.ClaimSomeAsync(50))!["type"]);
    }

    [SuiteFact]
    public async Task Claim_ByLabels_GivesOnlyWhatTheAgentCarries()
    {
        var tenant = await ground.TenantAsync();
        var (linux, windows) = (await ground.AgentAsync(tenant, labels: """{"os":"linux","zone":"a"}"""), await ground.AgentAsync(tenant, labels: """{"os":"windows"}"""));
        var run = (await ground.Client.SubmitAsync(tenant, RunKit.With("""{"labels":{"os":"linux"}}"""))).RunId;
        await ground.Client.UntilAsync(tenant, run, node => node.TaskIs("one", "ready"));

        Assert.Empty(await windows.ClaimAsync());
        await linux.ClaimOneAsync();
    }

    [SuiteFact]
    public async Task Claim_OfAPinnedTask_IsForThatAgentAlone()
    {
        var tenant = await ground.TenantAsync();
        var (one, two) = (await ground.AgentAsync(tenant), await ground.AgentAsync(tenant));
        var run = (await ground.Client.SubmitAsync(tenant, RunKit.Pinned(two.Id))).RunId;
        var waiting = await ground.Client.UntilAsync(tenant, run, node => node.TaskIs("one", "ready"));

        Assert.Contains(two.Id, (string)waiting.TaskOf()["waitingFor"]!, StringComparison.Ordinal);
        Assert.Empty(await one.ClaimAsync());
        await two.ClaimOneAsync();
    }

    [SuiteFact]
    public async Task Claim_BySharedAgent_ServesEveryTenant()
    {
        var shared = await ground.AgentAsync(null, types: "shared-type");
        var tenants = new[] { await ground.TenantAsync(), await ground.TenantAsync() };
        foreach (var tenant in tenants)
            await ReadyAsync(tenant, 1, "shared-type");

        JsonNode[] claimed = [await shared.ClaimOneAsync(), await shared.ClaimOneAsync()];
        Assert.Equal(tenants.Order(), claimed.Select(task => (string)task["tenantId"]!).Order());
    }

    [SuiteFact]
    public async Task Claim_ByPriority_GivesHighBeforeNormalBeforeLow()
    {
        string[] wanted = ["high", "normal", "low"];

        var given = await Again.UntilAsync(ClaimAllAsync, given => given.SequenceEqual(wanted));

        Assert.Equal(wanted, given);

        async Task<List<string>> ClaimAllAsync()
        {
            var (tenant, agent) = await ground.TenantWithAgentAsync();
            foreach (var priority in wanted.Reverse())
            {
                var run = Bodies.OneTask();
                run["priority"] = priority;
                await ground.Client.UntilAsync(tenant, (await ground.Client.SubmitAsync(tenant, run)).RunId, node => node.TaskIs("one", "ready"));
            }

            var priorities = new List<string>();
            foreach (var runId in await ClaimedAsync(agent, 3))
                priorities.Add((string)(await ground.Client.RunAsync(tenant, runId))["priority"]!);
            return priorities;
        }
    }

    [SuiteFact]
    public async Task Claim_OfEqualPriority_GivesTheOldestFirst()
    {
        var (submitted, given) = await Again.UntilAsync(ClaimAllAsync, runs => runs.Submitted.SequenceEqual(runs.Given));

        Assert.Equal(submitted, given);

        async Task<(List<string> Submitted, List<string> Given)> ClaimAllAsync()
        {
            var (tenant, agent) = await ground.TenantWithAgentAsync();
            var runs = new List<string>();
            for (var i = 0; i < 5; i++)
            {
                runs.Add((await ground.Client.SubmitAsync(tenant)).RunId);
                await ground.Client.UntilAsync(tenant, runs[i], node => node.TaskIs("one", "ready"));
            }

            return (runs, await ClaimedAsync(agent, 5));
        }
    }

    [SuiteFact]
    public async Task Claim_RacingWithCancel_LeavesNothingInTheAgentsHands()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        for (var i = 0; i < 15; i++)
        {
            var run = (await ground.Client.SubmitAsync(tenant)).RunId;
            await ground.Client.UntilAsync(tenant, run, node => node.TaskIs("one", "ready"));
            var claim = agent.ClaimAsync(1);
            await ground.Client.PostAsync($"/tenants/{tenant}/runs/{run}/cancel");
            foreach (var task in await claim)
                Assert.Equal("cancelled", await agent.OutcomeAsync(task!, "cancelled"));
            Assert.Equal("cancelled", (string?)(await ground.Client.EndAsync(tenant, run))["status"]);
        }

        Assert.Equal(0, (int)(await ground.Client.ReadAsync($"/agents/{agent.Id}/load")).Body!["currentTasksCount"]!);
        Assert.Equal(0, await ground.Client.InFlightAsync(tenant));
        Assert.Empty(await agent.ClaimAsync());
    }

    [SuiteFact]
    public async Task Claim_Waiting_IsAnsweredByTheWorkThatComes()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();

        var claim = agent.Client.PostAsync($"/agents/{agent.Id}/tasks/claim", new JsonObject { ["max"] = 1, ["waitSeconds"] = 30 });
        var run = (await ground.Client.SubmitAsync(tenant)).RunId;
        var reply = await claim;

        Assert.Equal(HttpStatusCode.OK, reply.Status);
        Assert.Equal(["tasks", "nextClaimSeconds"], reply.Body.Fields());
        Assert.Equal(run, (string?)Assert.Single(reply.Body!["tasks"]!.AsArray())!["runId"]);
    }

    /// <summary>
    /// Claims at once, and again until so many tasks have come. On shared tables a task is told to be ready a moment before its pool has it, and a
    /// claim that does not wait may come in between.
    /// </summary>
    private static async Task<List<JsonNode>> ClaimAsync(int count, Func<IEnumerable<Task<JsonArray>>> claims)
    {
        var given = new List<JsonNode>();
        using var limit = new CancellationTokenSource(Patience.Limit);
        while (given.Count < count && !limit.IsCancellationRequested)
            given.AddRange((await Task.WhenAll(claims())).SelectMany(tasks => tasks)!);
        Assert.Equal(count, given.Count);
        return given;
    }

    /// <returns>The runs of so many tasks, in the order in which they were given, one by one.</returns>
    private static async Task<List<string>> ClaimedAsync(Agent agent, int tasks)
    {
        var runs = new List<string>();
        while (runs.Count < tasks)
            runs.Add((string)(await agent.ClaimOneAsync())["runId"]!);
        return runs;
    }

    private async Task ReadyAsync(string tenant, int tasks, string type)
    {
        var run = Bodies.Run([.. Enumerable.Range(0, tasks).Select(i => Bodies.Task($"{type}{i}", type))]);
        var id = (await ground.Client.SubmitAsync(tenant, run)).RunId;
        await ground.Client.UntilAsync(tenant, id, node => node["tasks"]!.AsArray().All(task => (string)task!["status"]! == "ready"));
    }
}
