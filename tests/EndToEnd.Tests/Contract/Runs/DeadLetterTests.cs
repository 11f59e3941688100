using System.Net;
using Headgate.EndToEnd.Tests.Contract.Kit;

namespace Headgate.EndToEnd.Tests.Contract.Runs;

public class DeadLetterTests(ContractHost ground) : IClassFixture<ContractHost>
{
    [SuiteTheory]
    [InlineData("permission denied", 3, "auth", "failed")]
    [InlineData("connection refused", 0, "network", "exhausted")]
    public async Task Task_FailedOrExhausted_BecomesADeadLetter(string message, int maxRetries, string category, string outcome)
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        var run = await FailAsync(tenant, agent, message, maxRetries, outcome);

        var item = Assert.Single(await ListAsync(tenant))!;

        Assert.Equal(["id", "runId", "taskId", "type", "errorCategory", "errorMessage", "attempts", "at"], item.Fields());
        Assert.Equal((run, run + ".one", "noop", category, message, 1), ((string)item["runId"]!, (string)item["taskId"]!, (string)item["type"]!, (string)item["errorCategory"]!, (string)item["errorMessage"]!, (int)item["attempts"]!));
        item["at"].Time();
    }

    [SuiteFact]
    public async Task Replay_OfADeadLetter_IsANewRunAndTakesItAway()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        var run = await FailAsync(tenant, agent);
        var id = (string)Assert.Single(await ListAsync(tenant))!["id"]!;

        var first = await ReplayAsync(tenant, id);
        var second = await ReplayAsync(tenant, id);
        var task = await agent.ClaimOneAsync();

        Assert.Equal(["runId", "status", "inFlight", "limit", "links", "requestId"], first.Body.Fields());
        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Accepted), (first.Status, second.Status));
        Assert.NotEqual(run, first.RunId);
        Assert.Equal(first.RunId, second.RunId);
        Assert.Equal((first.RunId, 1, "{\"p\":1}"), ((string)task["runId"]!, (int)task["attempt"]!, task["payload"]!.ToJsonString()));
        Assert.Empty(await ListAsync(tenant));
        Assert.Equal(1, await ground.Client.InFlightAsync(tenant));
    }

    [SuiteFact]
    public async Task Replay_ManyAtOnce_MakesOneRun()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        await FailAsync(tenant, agent);
        var id = (string)Assert.Single(await ListAsync(tenant))!["id"]!;

        var replies = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => ReplayAsync(tenant, id)));

        Assert.All(replies, reply => Assert.Equal(HttpStatusCode.Accepted, reply.Status));
        Assert.Single(replies.Select(reply => reply.RunId).Distinct());
        Assert.Equal(1, await ground.Client.InFlightAsync(tenant));
    }

    [SuiteFact]
    public async Task Replay_AgainWhileItsRunIsQueued_TellsItsPlaceAgain()
    {
        var tenant = await ground.TenantAsync(limits: """{"maxConcurrentRuns":1,"maxWaitingRuns":2}""");
        var agent = await ground.AgentAsync(tenant);
        await FailAsync(tenant, agent);
        var id = (string)Assert.Single(await ListAsync(tenant))!["id"]!;
        await ground.Client.SubmitAsync(tenant);

        var first = await ReplayAsync(tenant, id);
        var second = await ReplayAsync(tenant, id);

        Assert.Equal((first.RunId, "queued", 1), (second.RunId, (string?)second.Body!["status"], (int?)second.Body["position"]));
    }

    [SuiteFact]
    public async Task Replay_WhenTheGateRefuses_KeepsTheDeadLetter()
    {
        var tenant = await ground.TenantAsync("free");
        var agent = await ground.AgentAsync(tenant);
        await FailAsync(tenant, agent);
        var id = (string)Assert.Single(await ListAsync(tenant))!["id"]!;
        await ground.Client.SubmitAsync(tenant);

        Refused.With(429, "concurrency-limit", await ReplayAsync(tenant, id));
        await ground.Client.PostAsync($"/tenants/{tenant}/pause");
        Refused.With(503, "tenant-paused", await ReplayAsync(tenant, id));

        Assert.Single(await ListAsync(tenant));
    }

    [SuiteFact]
    public async Task Replay_ThatFailsAgain_IsANewDeadLetter()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        await FailAsync(tenant, agent);
        var replayed = (await ReplayAsync(tenant, (string)Assert.Single(await ListAsync(tenant))!["id"]!)).RunId;

        await agent.OutcomeAsync(await agent.ClaimOneAsync(), "failure", "permission denied");
        await ground.Client.EndAsync(tenant, replayed);

        var item = Assert.Single(await ListAsync(tenant))!;
        Assert.Equal(replayed, (string?)item["runId"]);
        Assert.Equal(HttpStatusCode.Accepted, (await ReplayAsync(tenant, (string)item["id"]!)).Status);
    }

    [SuiteFact]
    public async Task Delete_OfADeadLetter_EndsIt()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        await FailAsync(tenant, agent);
        var path = $"/tenants/{tenant}/dead-letters/{Assert.Single(await ListAsync(tenant))!["id"]}";

        Assert.Equal(HttpStatusCode.NoContent, (await ground.Client.CallAsync("DELETE", path)).Status);

        Refused.With(404, "dead-letter-not-found", await ground.Client.CallAsync("DELETE", path));
        Refused.With(404, "dead-letter-not-found", await ground.Client.PostAsync(path + "/replay"));
        Assert.Empty(await ListAsync(tenant));
    }

    [SuiteFact]
    public async Task DeadLetter_OfAnotherTenant_IsLikeAMissingOne()
    {
        var (theirs, agent) = await ground.TenantWithAgentAsync();
        var mine = await ground.TenantAsync();
        await FailAsync(theirs, agent);
        var id = (string)Assert.Single(await ListAsync(theirs))!["id"]!;

        Refused.With(404, "dead-letter-not-found", await ReplayAsync(mine, id));
        Refused.With(404, "dead-letter-not-found", await ground.Client.CallAsync("DELETE", $"/tenants/{mine}/dead-letters/{id}"));
        Refused.With(404, "dead-letter-not-found", await ReplayAsync(mine, "none"));

        Assert.Single(await ListAsync(theirs));
    }

    [SuiteFact]
    public async Task Replay_OfARunThatDidNotFail_IsNotFound()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        var run = (await ground.Client.SubmitAsync(tenant)).RunId;
        await agent.OutcomeAsync(await agent.ClaimOneAsync());
        await ground.Client.EndAsync(tenant, run);

        Refused.With(404, "dead-letter-not-found", await ReplayAsync(tenant, run + ".one"));
    }

    [SuiteFact]
    public async Task List_OfManyDeadLetters_IsPaged()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        for (var i = 0; i < 3; i++)
            await FailAsync(tenant, agent);

        var first = (await ground.Client.ReadAsync($"/tenants/{tenant}/dead-letters?limit=2")).Body!;
        var second = (await ground.Client.ReadAsync($"/tenants/{tenant}/dead-letters?limit=2&after={first["next"]}")).Body!;

        Assert.Equal((2, 1), (first["items"]!.AsArray().Count, second["items"]!.AsArray().Count));
        Assert.Null(second["next"]);
        Assert.Equal(3, first["items"]!.AsArray().Concat(second["items"]!.AsArray()).Select(item => (string)item!["id"]!).Distinct().Count());
    }

    private async Task<string> FailAsync(string tenant, Agent agent, string message = "permission denied", int maxRetries = 3, string outcome = "failed")
    {
        var run = (await ground.Client.SubmitAsync(tenant, RunKit.With($$$"""{"maxRetries":{{{maxRetries}}},"payload":{"p":1}}"""))).RunId;
        Assert.Equal(outcome, await agent.OutcomeAsync(await agent.ClaimOneAsync(), "failure", message));
        await ground.Client.EndAsync(tenant, run);
        return run;
    }

    private async Task<System.Text.Json.Nodes.JsonArray> ListAsync(string tenant) =>
        (await ground.Client.ReadAsync($"/tenants/{tenant}/dead-letters")).Body!["items"]!.AsArray();

    private Task<Reply> ReplayAsync(string tenant, string id) => ground.Client.PostAsync($"/tenants/{tenant}/dead-letters/{id}/replay");
}
