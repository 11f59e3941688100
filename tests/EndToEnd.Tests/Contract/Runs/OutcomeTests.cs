using System.Net;
using System.Text.Json.Nodes;
using Headgate.EndToEnd.Tests.Contract.Kit;

namespace Headgate.EndToEnd.Tests.Contract.Runs;

/// <summary>What becomes of a task by what its agent reports.</summary>
public class OutcomeTests(ContractHost ground) : IClassFixture<ContractHost>
{
    [SuiteTheory]
    [InlineData("dial tcp: lookup db: no such host", null, "network", "retry")]
    [InlineData("host not found", null, "network", "retry")]
    [InlineData("getaddrinfo ENOTFOUND db", null, "network", "retry")]
    [InlineData("connection refused", null, "network", "retry")]
    [InlineData("Fatal: wrong password or no key found", null, "auth", "failed")]
    [InlineData("Authentication failed", null, "auth", "failed")]
    [InlineData("network timeout: permission denied", null, "auth", "failed")]
    [InlineData("repository not found", null, "permanent", "failed")]
    [InlineData("repository does not exist", null, "permanent", "failed")]
    [InlineData("repository is already locked", null, "resource", "retry")]
    [InlineData("no space left on device", null, "resource", "retry")]
    [InlineData("operation timed out", null, "timeout", "retry")]
    [InlineData("something odd", null, "unknown", "retry")]
    [InlineData("", null, "unknown", "retry")]
    [InlineData("permission denied", "network", "network", "retry")]
    [InlineData("connection refused", "auth", "auth", "failed")]
    [InlineData("connection refused", "permanent", "permanent", "failed")]
    [InlineData("connection refused", "timeout", "timeout", "retry")]
    [InlineData("connection refused", "no-such-class", "network", "retry")]
    [InlineData("connection refused", "Network", "network", "retry")]
    public async Task Failure_ByTextOrCategory_IsClassifiedByTheServer(string message, string? category, string expected, string outcome)
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        var run = (await ground.Client.SubmitAsync(tenant)).RunId;
        var body = Agent.Result(await agent.ClaimOneAsync(), "failure", message);
        if (category is not null)
            body["errorCategory"] = category;

        var reply = await ReportAsync(agent, body);

        Assert.Equal(outcome, (string?)reply.Body!["outcome"]);
        Assert.Equal(["outcome", "nextRetryAt"], reply.Body.Fields());
        Assert.Equal(outcome == "retry", reply.Body["nextRetryAt"] is not null);
        var task = (await ground.Client.RunAsync(tenant, run)).TaskOf();
        Assert.Equal(expected, (string?)task["lastErrorCategory"]);
        var attempt = Assert.Single(task["attempts"]!.AsArray())!;
        Assert.Equal((1, agent.Id, "failure", expected), ((int)attempt["attempt"]!, (string)attempt["agentId"]!, (string)attempt["outcome"]!, (string)attempt["errorCategory"]!));
        Assert.Equal(["attempt", "agentId", "startedAt", "finishedAt", "outcome", "errorCategory", "errorMessage", "exitCode"], attempt.Fields());
    }

    [SuiteFact]
    public async Task Failure_WithoutRetries_IsExhaustedAtOnce()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        var run = (await ground.Client.SubmitAsync(tenant, Bodies.Run(Bodies.Task("one", maxRetries: 0)))).RunId;

        Assert.Equal("exhausted", await agent.OutcomeAsync(await agent.ClaimOneAsync(), "failure", "connection refused"));

        var ended = await ground.Client.EndAsync(tenant, run);
        Assert.Equal("failed", (string?)ended["status"]);
        Assert.Equal((0, 0), ((int)ended.TaskOf()["maxRetries"]!, (int)ended.TaskOf()["retriesRemaining"]!));
        Assert.Empty(await agent.ClaimAsync());
    }

    [SuiteTheory]
    [InlineData(0.05, 2)]
    [InlineData(0.05, 5)]
    public async Task Failure_AgainAndAgain_IsTriedOnceMoreThanItsRetries(double delay, int retries)
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        await ground.Client.CallAsync("PUT", $"/tenants/{tenant}/policies/p", $$"""{"baseSeconds":{{delay}},"maxSeconds":{{delay}},"jitter":0,"maxRetries":{{retries}}}""");
        var run = (await ground.Client.SubmitAsync(tenant, Bodies.Run(Bodies.Task("one", policy: "p")))).RunId;

        var outcomes = new List<string>();
        while (outcomes.LastOrDefault() is null or "retry")
            outcomes.Add(await agent.OutcomeAsync(await agent.ClaimOneAsync(), "failure", "connection refused"));

        Assert.Equal([.. Enumerable.Repeat("retry", retries), "exhausted"], outcomes);
        var task = (await ground.Client.EndAsync(tenant, run)).TaskOf();
        Assert.Equal(Enumerable.Range(1, retries + 1), task["attempts"]!.AsArray().Select(attempt => (int)attempt!["attempt"]!));
        Assert.Equal(0, await ground.Client.InFlightAsync(tenant));
    }

    [SuiteFact]
    public async Task Success_WithOutput_IsShownWithTheTask()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        var run = (await ground.Client.SubmitAsync(tenant)).RunId;
        var body = Agent.Result(await agent.ClaimOneAsync());
        body["output"] = new JsonObject { ["bytes"] = 7 };
        body["exitCode"] = 0;
        body["log"] = "line\nline";

        Assert.Equal("completed", (string?)(await ReportAsync(agent, body)).Body!["outcome"]);

        var ended = await ground.Client.EndAsync(tenant, run);
        Assert.Equal("completed", (string?)ended["status"]);
        Assert.Null(ended["failure"]);
        Assert.Equal("""{"bytes":7}""", ended.TaskOf()["output"]!.ToJsonString());
        Assert.Equal((string?)ended.TaskOf()["taskId"], (string?)(await ground.Client.ReadAsync($"/tasks/{run}.one")).Body!["taskId"]);
    }

    [SuiteTheory]
    [InlineData("""{}""", "attempt", "durationSeconds", "status", "taskId")]
    [InlineData("""{"taskId":"x","attempt":0,"status":"done","durationSeconds":-1}""", "attempt", "durationSeconds", "status")]
    [InlineData("""{"taskId":"","attempt":1.5,"status":7,"durationSeconds":"1","exitCode":1.5,"x":1}""", "attempt", "durationSeconds", "exitCode", "status", "taskId", "x")]
    [InlineData("""{"taskId":"x","attempt":1,"status":"success","durationSeconds":1e999}""", "durationSeconds")]
    [InlineData("""{"results":[]}""", "results")]
    [InlineData("""{"results":7}""", "results")]
    [InlineData("""{"results":[{"taskId":"x","attempt":1,"status":"success"},{"taskId":"y","attempt":1,"status":"no","durationSeconds":0,"z":1}]}""", "results[0].durationSeconds", "results[1].status", "results[1].z")]
    public async Task Result_WrongBody_IsRefusedWithEveryProblem(string body, params string[] paths)
    {
        var (_, agent) = await ground.TenantWithAgentAsync();

        Refused.At(await agent.Client.CallAsync("POST", $"/agents/{agent.Id}/task-results", body), paths);
    }

    [SuiteTheory]
    [InlineData("x")]
    [InlineData("../x")]
    [InlineData("a.b.c")]
    [InlineData("!ledger.one")]
    [InlineData(".")]
    [InlineData("a/b.one")]
    public async Task Result_OfAnIdThatNoTaskHas_IsNotFound(string id)
    {
        var (_, agent) = await ground.TenantWithAgentAsync();

        var reply = await ReportAsync(agent, new JsonObject { ["taskId"] = id, ["attempt"] = 1, ["status"] = "success", ["durationSeconds"] = 0 });

        Refused.With(404, "task-not-found", reply);
    }

    [SuiteFact]
    public async Task Results_MoreThan100_AreRefused()
    {
        var (_, agent) = await ground.TenantWithAgentAsync();
        JsonObject Batch(int count) => new() { ["results"] = new JsonArray([.. Enumerable.Range(0, count).Select(i => new JsonObject { ["taskId"] = $"t{i}", ["attempt"] = 1, ["status"] = "success", ["durationSeconds"] = 0 })]) };

        Refused.Not(HttpStatusCode.OK, await ReportAsync(agent, Batch(100)));
        Refused.At(await ReportAsync(agent, Batch(101)), "results");
    }

    [SuiteFact]
    public async Task Result_SentManyTimesAtOnce_IsAppliedOnce()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        var run = (await ground.Client.SubmitAsync(tenant)).RunId;
        var task = await agent.ClaimOneAsync();

        var replies = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => agent.ReportAsync(task, i % 2 == 0 ? "failure" : "success", "connection refused")));

        Assert.All(replies, reply => Assert.Equal(HttpStatusCode.OK, reply.Status));
        Assert.Single(replies.Select(reply => reply.Body!.ToJsonString()).Distinct());
        Assert.Single((await ground.Client.RunAsync(tenant, run)).TaskOf()["attempts"]!.AsArray());
    }

    private static Task<Reply> ReportAsync(Agent agent, JsonNode body) => agent.Client.PostAsync($"/agents/{agent.Id}/task-results", body);
}
