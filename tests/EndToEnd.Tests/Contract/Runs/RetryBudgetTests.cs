using System.Net;
using System.Text.Json.Nodes;
using Headgate.EndToEnd.Tests.Contract.Kit;
using Headgate.TestKit;

namespace Headgate.EndToEnd.Tests.Contract.Runs;

public class RetryBudgetTests(ContractHost ground) : IClassFixture<ContractHost>
{
    [SuiteFact]
    public async Task Run_WhoseBudgetIsSpent_EndsExhaustedAndSaysSo()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        await QuickAsync(tenant);
        var run = (await ground.Client.SubmitAsync(tenant, Submission(budget: 1))).RunId;
        await agent.OutcomeAsync(await agent.ClaimOneAsync(), "failure", "connection refused");
        var before = await ground.Client.RunAsync(tenant, run);

        await agent.OutcomeAsync(await agent.ClaimOneAsync(), "failure", "connection refused");
        var after = await ground.Client.EndAsync(tenant, run);

        Assert.Equal(1, (int)before["retryBudget"]!);
        Assert.Equal(("failed", 0, "task-exhausted"), ((string?)after["status"], (int)after["retriesLeft"]!, (string?)after["failure"]!["code"]));
        Assert.Contains("retry budget of 1", (string?)after["failure"]!["message"], StringComparison.Ordinal);
        Assert.Equal(("exhausted", 2), ((string?)after.TaskOf()["status"], (int)after.TaskOf()["attempt"]!));
    }

    [SuiteFact]
    public async Task Tenant_WhoseMinuteIsSpent_PutsRetriesOffAndExplainSaysSo()
    {
        var tenant = await ground.TenantAsync(limits: """{"retriesPerMinute":1}""");
        var agent = await ground.AgentAsync(tenant);
        await QuickAsync(tenant);
        var view = (await ground.Client.ReadAsync($"/tenants/{tenant}")).Body!;
        Assert.Equal((1, 1), ((int)view["limits"]!["retriesPerMinute"]!, (int)view["retriesLeftThisMinute"]!));
        var run = (await ground.Client.SubmitAsync(tenant, Submission(null, "one", "two", "three"))).RunId;
        foreach (var task in new[] { await agent.ClaimOneAsync(), await agent.ClaimOneAsync(), await agent.ClaimOneAsync() })
            await agent.OutcomeAsync(task, "failure", "connection refused");

        // Of three retries at most two can start now, if a minute turns between them.
        var held = await ground.Client.UntilAsync(tenant, run, seen => PutOff(seen).Any());
        var name = (string)PutOff(held).First()!["name"]!;
        var explained = (await ground.Client.ReadAsync($"/tasks/{run}.{name}/explain")).Body!;

        Assert.Contains("retry-budget", explained["causes"]!.AsArray().Select(cause => (string?)cause!["code"]));
        Assert.Equal("backoff", (string?)explained["state"]);
        Assert.Null(held["finishedAt"]);
    }

    [SuiteTheory]
    [InlineData("-1")]
    [InlineData("1001")]
    [InlineData("1.5")]
    [InlineData("\"1\"")]
    public async Task Submit_BadRetryBudget_IsNamed(string budget)
    {
        var tenant = await ground.TenantAsync();

        Refused.At(await ground.Client.CallAsync("POST", $"/tenants/{tenant}/runs", $$"""{"name":"r","tasks":[{"name":"one","type":"noop"}],"retryBudget":{{budget}}}"""), "retryBudget");
    }

    [SuiteFact]
    public async Task Limits_RetriesPerMinute_AreChangedAndCleared()
    {
        var tenant = await ground.TenantAsync();

        Refused.At(await ground.Client.CallAsync("PATCH", $"/tenants/{tenant}", """{"limits":{"retriesPerMinute":0}}"""), "limits.retriesPerMinute");
        var set = await ground.Client.CallAsync("PATCH", $"/tenants/{tenant}", """{"limits":{"retriesPerMinute":7}}""");
        var cleared = await ground.Client.CallAsync("PATCH", $"/tenants/{tenant}", """{"limits":{"retriesPerMinute":null}}""");

        Assert.Equal((HttpStatusCode.OK, 7), (set.Status, (int)set.Body!["retriesLeftThisMinute"]!));
        Assert.Null(cleared.Body!["limits"]!["retriesPerMinute"]);
        Assert.NotEqual(set.Header("ETag"), cleared.Header("ETag"));
    }

    private static IEnumerable<JsonNode?> PutOff(JsonNode run) =>
        run["tasks"]!.AsArray().Where(task => ((string?)task!["waitingFor"])?.StartsWith("a later minute", StringComparison.Ordinal) == true);

    private static JsonObject Submission(int? budget, params string[] tasks)
    {
        var run = new JsonObject
        {
            ["name"] = "run",
            ["tasks"] = new JsonArray([.. (tasks.Length == 0 ? ["one"] : tasks).Select(task => (JsonNode)new JsonObject { ["name"] = task, ["type"] = "noop" })]),
        };
        if (budget is not null)
            run["retryBudget"] = budget;
        return run;
    }

    // A retry follows within a moment.
    private Task<Reply> QuickAsync(string tenant) =>
        ground.Client.CallAsync("PUT", $"/tenants/{tenant}/policies/default", """{"maxRetries":5,"baseSeconds":0.05,"maxSeconds":0.1}""");
}
