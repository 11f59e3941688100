using System.Net;
using System.Text.Json.Nodes;
using Headgate.EndToEnd.Tests.Contract.Kit;
using Headgate.TestKit;

namespace Headgate.EndToEnd.Tests.Contract.Runs;

/// <summary>Dead letters, one or many, tried again from the failed task or the start.</summary>
public class ReplayTests(ContractHost ground) : IClassFixture<ContractHost>
{
    private const string Chain = """[{"name":"one","type":"noop"},{"name":"two","type":"noop","needs":["one"],"maxRetries":0},{"name":"three","type":"noop","needs":["two"]}]""";

    [SuiteFact]
    public async Task Replay_FromTheFailedTask_KeepsWhatCompletedWithItsOutput()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        var failed = await FailChainAsync(tenant, agent);

        var replay = (await ground.Client.PostAsync($"/tenants/{tenant}/dead-letters/{failed}.two/replay")).RunId;
        var task = await agent.ClaimOneAsync();
        Assert.Equal($"{replay}.two", (string?)task["taskId"]);
        await agent.OutcomeAsync(task);
        await agent.OutcomeAsync(await agent.ClaimOneAsync());
        var run = await ground.Client.EndAsync(tenant, replay);

        Assert.Equal(("completed", failed, failed), ((string?)run["status"], (string?)run["replayOf"], (string?)run.TaskOf()["carriedFrom"]));
        Assert.Equal(("completed", 0, """{"n":7}""", 0), ((string?)run.TaskOf()["status"], (int)run.TaskOf()["attempt"]!, run.TaskOf()["output"]!.ToJsonString(), run.TaskOf()["attempts"]!.AsArray().Count));
        Assert.Null(run.TaskOf("two")["carriedFrom"]);
        Assert.Equal(replay, (string?)(await ground.Client.RunAsync(tenant, failed))["replayedAs"]);
        Assert.Equal(
            ["run-admitted", "task-carried-over", "run-started"],
            (await KindsAsync(tenant, replay)).Take(3));
        Assert.Equal("run-replayed", (await KindsAsync(tenant, failed))[^1]);
    }

    [SuiteFact]
    public async Task Replay_OfAReplayThatFailedToo_NamesWhereATaskCompletedFirst()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        var failed = await FailChainAsync(tenant, agent);
        var second = (await ground.Client.PostAsync($"/tenants/{tenant}/dead-letters/{failed}.two/replay")).RunId;
        await agent.OutcomeAsync(await agent.ClaimOneAsync(), "failure", "permission denied");
        await ground.Client.EndAsync(tenant, second);

        var third = (await ground.Client.PostAsync($"/tenants/{tenant}/dead-letters/{second}.two/replay")).RunId;
        await agent.ClaimOneAsync();
        var run = await ground.Client.RunAsync(tenant, third);

        Assert.Equal((second, failed, """{"n":7}"""), ((string?)run["replayOf"], (string?)run.TaskOf()["carriedFrom"], run.TaskOf()["output"]!.ToJsonString()));
    }

    [SuiteFact]
    public async Task ReplayMany_DryRun_TellsWhatMatchesAndChangesNothing()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        await FailAsync(tenant, agent, "permission denied");
        await FailAsync(tenant, agent, "connection refused");

        var preview = (await ReplayAsync(tenant, """{"category":"network","dryRun":true}""")).Body!;

        Assert.Equal(["matching", "sample"], preview.Fields());
        Assert.Equal((1, "network"), ((int)preview["matching"]!, (string?)preview["sample"]![0]!["errorCategory"]));
        Assert.Equal(2, (await ListAsync(tenant, "")).Count);
        Assert.Equal(0, await ground.Client.InFlightAsync(tenant));
    }

    [SuiteFact]
    public async Task ReplayMany_OfACategory_ReplaysThoseAndTellsHowFarItHasCome()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        var kept = await FailAsync(tenant, agent, "permission denied");
        for (var i = 0; i < 3; i++)
            await FailAsync(tenant, agent, "connection refused");

        var accepted = await ReplayAsync(tenant, """{"category":"network","type":"noop","ratePerSecond":100}""");
        Assert.Equal((HttpStatusCode.Accepted, 3), (accepted.Status, (int)accepted.Body!["matching"]!));
        var progress = await DoneAsync(tenant, accepted);

        Assert.Equal(("completed", 3, 3, 0, "{}"), ((string?)progress["state"], (int)progress["replayed"]!, (int)progress["runs"]!, (int)progress["skipped"]!, progress["refusals"]!.ToJsonString()));
        // The last step's letters go after its count.
        Assert.Equal($"{kept}.one", (string?)Assert.Single(await LeftAsync(tenant, 1))!["id"]);
        Assert.Equal(3, await ground.Client.InFlightAsync(tenant));
    }

    [SuiteFact]
    public async Task ReplayMany_OverTheCap_WaitsAndIsTriedAgain()
    {
        var tenant = await ground.TenantAsync(limits: """{"maxConcurrentRuns":1}""");
        var agent = await ground.AgentAsync(tenant);
        for (var i = 0; i < 3; i++)
            await FailAsync(tenant, agent, "permission denied");

        var accepted = await ReplayAsync(tenant, """{"ratePerSecond":100}""");
        for (var i = 0; i < 3; i++)
        {
            var task = await agent.ClaimOneAsync();
            Assert.Equal(1, await ground.Client.InFlightAsync(tenant));
            await agent.OutcomeAsync(task);
        }

        var progress = await DoneAsync(tenant, accepted);
        Assert.Equal((3, 3, null), ((int)progress["replayed"]!, (int)progress["runs"]!, (string?)progress["waitsFor"]));
        Assert.Empty(await LeftAsync(tenant, 0));
    }

    [SuiteFact]
    public async Task ReplayMany_TwoLettersOfARun_MakeOneRun()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        var body = Bodies.OneTask();
        body["tasks"] = JsonNode.Parse("""[{"name":"one","type":"noop","maxRetries":0},{"name":"two","type":"noop","maxRetries":0}]""");
        var run = (await ground.Client.SubmitAsync(tenant, body)).RunId;
        foreach (var task in new[] { await agent.ClaimOneAsync(), await agent.ClaimOneAsync() })
            await agent.OutcomeAsync(task, "failure", "connection refused");
        await ground.Client.EndAsync(tenant, run);

        var progress = await DoneAsync(tenant, await ReplayAsync(tenant, """{"from":"start"}"""));

        Assert.Equal((2, 1), ((int)progress["replayed"]!, (int)progress["runs"]!));
        Assert.Equal(1, await ground.Client.InFlightAsync(tenant));
    }

    [SuiteFact]
    public async Task ReplayMany_FromTheStart_RunsAllAgain()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        await FailChainAsync(tenant, agent);

        await DoneAsync(tenant, await ReplayAsync(tenant, """{"from":"start","limit":1}"""));

        Assert.EndsWith(".one", (string?)(await agent.ClaimOneAsync())["taskId"], StringComparison.Ordinal);
    }

    [SuiteTheory]
    [InlineData("""{"category":"none","type":"Bad","limit":0,"ratePerSecond":0.05,"from":"end","dryRun":1,"x":1}""", "category", "type", "limit", "ratePerSecond", "from", "dryRun", "x")]
    [InlineData("""{"limit":1001,"ratePerSecond":101}""", "limit", "ratePerSecond")]
    [InlineData("""{"since":"2026-03-15T12:00:00Z","until":"2026-03-15T12:00:00Z"}""", "until")]
    public async Task ReplayMany_OutsideTheRanges_IsRefusedWithEveryProblem(string body, params string[] paths) =>
        Refused.At(await ReplayAsync(await ground.TenantAsync(), body), paths);

    [SuiteFact]
    public async Task Replay_OfAnotherTenant_IsLikeAMissingOne()
    {
        var (theirs, mine) = (await ground.TenantAsync(), await ground.TenantAsync());
        var id = (string?)(await ReplayAsync(theirs, "{}")).Body!["replayId"];

        Refused.With(404, "replay-not-found", await ground.Client.ReadAsync($"/tenants/{mine}/dead-letters/replays/{id}"));
        Refused.With(404, "replay-not-found", await ground.Client.ReadAsync($"/tenants/{mine}/dead-letters/replays/none"));
        Refused.With(404, "tenant-not-found", await ReplayAsync("no-such-tenant", "{}"));
    }

    [SuiteFact]
    public async Task List_Filtered_ShowsWhatMatches()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        var auth = await FailAsync(tenant, agent, "permission denied");
        await FailAsync(tenant, agent, "connection refused");
        var at = Assert.Single(await ListAsync(tenant, "?category=auth"))!["at"].Time();

        Assert.Contains(await ListAsync(tenant, $"?until={at.AddMilliseconds(1):yyyy-MM-ddTHH:mm:ss.fffZ}"), letter => (string?)letter!["id"] == $"{auth}.one");
        Assert.Empty(await ListAsync(tenant, $"?until={at:yyyy-MM-ddTHH:mm:ss.fffZ}"));
        Assert.Equal(2, (await ListAsync(tenant, $"?since={at:yyyy-MM-ddTHH:mm:ss.fffZ}&type=noop")).Count);
        Assert.Empty(await ListAsync(tenant, "?type=other"));
        Refused.At(await ground.Client.ReadAsync($"/tenants/{tenant}/dead-letters?category=x&type=X&since=now"), "category", "type", "since");
    }

    [SuiteFact]
    public async Task List_AsLines_IsAllOfThem()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        for (var i = 0; i < 3; i++)
            await FailAsync(tenant, agent, "permission denied");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/tenants/{tenant}/dead-letters?limit=1");
        request.Headers.Accept.ParseAdd("application/x-ndjson");

        using var answer = await ground.Client.SendAsync(request);

        Assert.Equal("application/x-ndjson", answer.Content.Headers.ContentType?.MediaType);
        var lines = (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.ToJsonString());
        Assert.Equal((await ListAsync(tenant, "")).Select(letter => letter!.ToJsonString()), lines);
    }

    [SuiteFact]
    public async Task Delete_WithAReason_IsAuditedWhoeverDoesIt()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        var run = await FailAsync(tenant, agent, "permission denied");
        var developer = await ground.MemberAsync(tenant, "developer");

        Refused.At(await developer.CallAsync("DELETE", $"/tenants/{tenant}/dead-letters/{run}.one", """{"reason":""}"""), "reason");
        Assert.Equal(HttpStatusCode.NoContent, (await developer.CallAsync("DELETE", $"/tenants/{tenant}/dead-letters/{run}.one", """{"reason":"host retired"}""")).Status);

        var audit = (await ground.Client.ReadAsync($"/tenants/{tenant}/audit")).Body!["items"]!.AsArray().Single(item => (string?)item!["action"] == "dead-letter.dismissed")!;
        Assert.Equal(($"{run}.one", "host retired"), ((string?)audit["target"], (string?)audit["reason"]));
    }

    private async Task<string> FailChainAsync(string tenant, Agent agent)
    {
        var body = Bodies.OneTask();
        body["tasks"] = JsonNode.Parse(Chain);
        var run = (await ground.Client.SubmitAsync(tenant, body)).RunId;
        var done = Agent.Result(await agent.ClaimOneAsync());
        done["output"] = JsonNode.Parse("""{"n":7}""");
        await agent.Client.PostAsync($"/agents/{agent.Id}/task-results", done);
        await agent.OutcomeAsync(await agent.ClaimOneAsync(), "failure", "permission denied");
        await ground.Client.EndAsync(tenant, run);
        return run;
    }

    private async Task<string> FailAsync(string tenant, Agent agent, string message)
    {
        var run = (await ground.Client.SubmitAsync(tenant, RunKit.With("""{"maxRetries":0}"""))).RunId;
        await agent.OutcomeAsync(await agent.ClaimOneAsync(), "failure", message);
        await ground.Client.EndAsync(tenant, run);
        return run;
    }

    private Task<Reply> ReplayAsync(string tenant, string body) => ground.Client.CallAsync("POST", $"/tenants/{tenant}/dead-letters/replay", body);

    private async Task<JsonNode> DoneAsync(string tenant, Reply accepted)
    {
        Refused.Not(HttpStatusCode.Accepted, accepted);
        using var limit = new CancellationTokenSource(Patience.Limit);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            var progress = (await ground.Client.ReadAsync($"/tenants/{tenant}/dead-letters/replays/{accepted.Body!["replayId"]}")).Body!;
            if (progress["finishedAt"] is not null)
                return progress;
            Assert.False(limit.IsCancellationRequested, $"The replay stayed {progress}.");
            await pause.WaitForNextTickAsync();
        }
    }

    private async Task<string[]> KindsAsync(string tenant, string run) =>
        [.. (await ground.Client.ReadAsync($"/tenants/{tenant}/runs/{run}/timeline")).Body!["items"]!.AsArray().Select(item => (string)item!["kind"]!)];

    /// <summary>The letters once there are no more than so many.</summary>
    private async Task<JsonArray> LeftAsync(string tenant, int count)
    {
        using var limit = new CancellationTokenSource(Headgate.TestKit.Patience.Limit);
        while (true)
        {
            var letters = await ListAsync(tenant, "");
            if (letters.Count <= count)
                return letters;
            limit.Token.ThrowIfCancellationRequested();
        }
    }

    private async Task<JsonArray> ListAsync(string tenant, string query) => (await ground.Client.ReadAsync($"/tenants/{tenant}/dead-letters{query}")).Body!["items"]!.AsArray();
}
