using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Headgate.EndToEnd.Tests.Contract.Kit;
using Headgate.TestKit;

namespace Headgate.EndToEnd.Tests.Contract.Runs;

/// <summary>What a run and its task are said to wait for, one case a cause. Types of its own keep each test's agents apart from shared ones of other tests.</summary>
public class ExplainTests(ContractHost ground) : IClassFixture<ContractHost>
{
    [SuiteFact]
    public async Task Explain_ShapeOfARunAndATask_IsTheContracts()
    {
        var tenant = await ground.TenantAsync();
        var run = await WaitAsync(tenant);

        foreach (var path in new[] { $"/tenants/{tenant}/runs/{run}/explain", $"/tasks/{run}.one/explain" })
        {
            var explained = (await ground.Client.ReadAsync(path)).Body!;
            Assert.Equal(["state", "causes", "place", "ahead", "estimatedStartAt", "estimateBasis"], explained.Fields());
            Assert.Equal(["code", "since", "message", "blockedBy", "cures"], explained["causes"]![0].Fields());
            explained["causes"]![0]!["since"].Time();
        }

        var links = (await ground.Client.RunAsync(tenant, run))["links"]!;
        Assert.Equal(HttpStatusCode.OK, (await ground.Client.ReadAsync((string)links["explain"]!)).Status);
    }

    [SuiteFact]
    public async Task Explain_OfAnotherTenant_IsLikeAMissingOne()
    {
        var theirs = await ground.TenantAsync();
        var run = await WaitAsync(theirs);
        var mine = await ground.TenantAsync();
        var member = await ground.MemberAsync(mine, "viewer");

        Refused.With(404, "task-not-found", await member.ReadAsync($"/tasks/{run}.one/explain"));
        Refused.With(404, "run-not-found", await member.ReadAsync($"/tenants/{mine}/runs/{run}/explain"));
        Assert.Equal(HttpStatusCode.OK, (await (await ground.MemberAsync(theirs, "viewer")).ReadAsync($"/tasks/{run}.one/explain")).Status);
    }

    [SuiteFact]
    public async Task Explain_OfAPausedTenant_IsPaused()
    {
        var tenant = await ground.TenantAsync();
        await BeatingAsync(tenant);
        var run = await WaitAsync(tenant);
        await ground.Client.CallAsync("POST", $"/tenants/{tenant}/pause", """{"reason":"disk full"}""");

        var cause = await SaysAsync(tenant, run, "paused", "disk full");
        Assert.Contains("resume", (string?)cause["cures"]![0], StringComparison.Ordinal);
    }

    [SuiteFact]
    public async Task Explain_OfATaskWhoseNeedsRun_IsNeeds()
    {
        var tenant = await ground.TenantAsync();
        var agent = await BeatingAsync(tenant);
        var body = Bodies.OneTask();
        body["tasks"] = JsonNode.Parse("""[{"name":"zero","type":"explain"},{"name":"one","type":"explain","needs":["zero"]}]""");
        var run = (await ground.Client.SubmitAsync(tenant, body)).RunId;
        await agent.ClaimOneAsync();

        var cause = await SaysAsync(tenant, run, "needs", "'zero'");
        Assert.Equal([$"{run}.zero"], cause["blockedBy"]!.AsArray().Select(id => (string)id!));
    }

    [SuiteFact]
    public async Task Explain_OfATaskInBackoff_IsBackoff()
    {
        var tenant = await ground.TenantAsync();
        var agent = await BeatingAsync(tenant);
        await ground.Client.CallAsync("PUT", $"/tenants/{tenant}/policies/slow", """{"baseSeconds":600,"maxSeconds":600,"jitter":0}""");
        var run = (await ground.Client.SubmitAsync(tenant, RunKit.With("""{"type":"explain","policy":"slow"}"""))).RunId;
        Assert.Equal("retry", await agent.OutcomeAsync(await agent.ClaimOneAsync(), "failure", "connection refused"));

        await SaysAsync(tenant, run, "backoff", "(network)");
        var task = (await ground.Client.RunAsync(tenant, run)).TaskOf();
        var explained = (await ground.Client.ReadAsync($"/tasks/{run}.one/explain")).Body!;
        Assert.Equal((string?)task["nextRetryAt"], (string?)explained["estimatedStartAt"]);
    }

    [SuiteTheory]
    [InlineData("type", "not take 'explain'")]
    [InlineData("label", "1 lacks label os=linux")]
    [InlineData("pin", " is offline")]
    [InlineData("state", "1 is draining")]
    public async Task Explain_OfATaskThatNoAgentMayHave_IsNoAgentWithTheRule(string rule, string message)
    {
        var tenant = await ground.TenantAsync();
        var agent = await ground.AgentAsync(tenant, labels: rule == "label" ? null : """{"os":"linux"}""", types: rule == "type" ? "other" : "explain");
        if (rule != "pin")
            await agent.BeatAsync();
        if (rule == "state")
            await ground.Client.CallAsync("POST", $"/agents/{agent.Id}/drain");
        var run = await WaitAsync(tenant, rule == "pin" ? $$"""{"type":"explain","agent":"{{agent.Id}}"}""" : """{"type":"explain","labels":{"os":"linux"}}""");

        var cause = await SaysAsync(tenant, run, "no-agent", message);
        Assert.Equal([agent.Id], cause["blockedBy"]!.AsArray().Select(id => (string)id!));
        Assert.NotEmpty(cause["cures"]!.AsArray());
    }

    [SuiteFact]
    public async Task Explain_OfATaskBehindFullAgents_IsAgentsBusyWithPlaceAndEstimate()
    {
        var tenant = await ground.TenantAsync();
        var agent = await BeatingAsync(tenant, maxConcurrentTasks: 1);
        await WaitAsync(tenant);
        var first = Agent.Result(await agent.ClaimOneAsync());
        first["durationSeconds"] = 3600;
        await agent.Client.PostAsync($"/agents/{agent.Id}/task-results", first);
        await WaitAsync(tenant);
        var running = await agent.ClaimOneAsync();
        await WaitAsync(tenant);
        var run = await WaitAsync(tenant);

        var cause = await SaysAsync(tenant, run, "agents-busy", "1 task of this tenant");
        var explained = (await ground.Client.ReadAsync($"/tasks/{run}.one/explain")).Body!;

        Assert.Equal([(string)running["taskId"]!, agent.Id], cause["blockedBy"]!.AsArray().Select(id => (string)id!));
        Assert.Equal((2, 1), ((int)explained["place"]!, (int)explained["ahead"]!));
        Assert.InRange(explained["estimatedStartAt"].Time() - DateTimeOffset.UtcNow, TimeSpan.FromSeconds(6800), TimeSpan.FromSeconds(7300));
        Assert.Contains("median of the usual duration of 'explain' on 1 agent (3600 s), 1 slot, 1 ahead", (string?)explained["estimateBasis"], StringComparison.Ordinal);
    }

    [SuiteFact]
    public async Task Explain_OfATaskBehindAFullResource_IsResourceHeld()
    {
        var tenant = await ground.TenantAsync();
        var agent = await BeatingAsync(tenant);
        await ground.Client.CallAsync("PUT", $"/tenants/{tenant}/resources/main", """{"maxConcurrent":1}""");
        await WaitAsync(tenant, """{"type":"explain","resources":["main"]}""");
        var user = await agent.ClaimOneAsync();
        var run = await WaitAsync(tenant, """{"type":"explain","resources":["main"]}""");

        var cause = await SaysAsync(tenant, run, "resource-held", "'main' is full");
        Assert.Equal([(string)user["taskId"]!], cause["blockedBy"]!.AsArray().Select(id => (string)id!));
        await ground.Client.CallAsync("POST", $"/tenants/{tenant}/resources/main/hold", """{"reason":"locked"}""");
        await SaysAsync(tenant, run, "resource-held", "locked");
    }

    [SuiteFact]
    public async Task Explain_OfATaskThatRuns_IsNothing()
    {
        var tenant = await ground.TenantAsync();
        var agent = await BeatingAsync(tenant);
        var run = await WaitAsync(tenant);
        await agent.ClaimOneAsync();

        var cause = await SaysAsync(tenant, run, "nothing", agent.Id, inRun: false);
        Assert.Equal([agent.Id], cause["blockedBy"]!.AsArray().Select(id => (string)id!));
        await SaysAsync(tenant, run, "nothing", "1 task runs", inTask: false);
    }

    private async Task<Agent> BeatingAsync(string tenant, int maxConcurrentTasks = 50)
    {
        var agent = await ground.AgentAsync(tenant, maxConcurrentTasks, """{"os":"linux"}""", "explain");
        await agent.BeatAsync();
        return agent;
    }

    /// <summary>The task's first cause; what is told of agents may be a moment old.</summary>
    private async Task<JsonNode> SaysAsync(string tenant, string run, string code, string message, bool inRun = true, bool inTask = true)
    {
        JsonNode? told = null;
        foreach (var path in new[] { inRun ? $"/tenants/{tenant}/runs/{run}/explain" : null, inTask ? $"/tasks/{run}.one/explain" : null }.OfType<string>())
        {
            var waited = Stopwatch.StartNew();
            using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            while (true)
            {
                var explained = (await ground.Client.ReadAsync(path)).Body!;
                told = explained["causes"]![0]!;
                if ((string?)told["code"] == code && ((string)told["message"]!).Contains(message, StringComparison.Ordinal))
                    break;
                Assert.True(waited.Elapsed < Patience.Limit, $"{path}: wanted {code} with '{message}', got {explained.ToJsonString()}");
                await pause.WaitForNextTickAsync();
            }
        }

        return told!;
    }

    private async Task<string> WaitAsync(string tenant, string fields = """{"type":"explain"}""")
    {
        var run = (await ground.Client.SubmitAsync(tenant, RunKit.With(fields))).RunId;
        await ground.Client.UntilAsync(tenant, run, node => node.TaskIs("one", "ready"));
        return run;
    }
}
