using System.Net;
using System.Text.Json.Nodes;
using Headgate.Core.Runs;
using Headgate.EndToEnd.Tests.Support;
using Headgate.Functions.Runs;
using Headgate.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.EndToEnd.Tests;

public class FencingTests
{
    [Fact]
    public async Task Report_SentTwice_GetsTheSameAnswerAndChangesNothing()
    {
        await using var ground = await Ground.StartAsync();
        var agent = await ground.AgentAsync();
        await ground.Client.SubmitAsync(Ground.Tenant);
        var task = await agent.ClaimOneAsync();

        var first = await agent.ReportAsync(task);
        var second = await agent.ReportAsync(task, "failure", "changed my mind");

        Assert.Equal("""{"outcome":"completed","nextRetryAt":null}""", first.Body!.ToJsonString());
        Assert.Equal(first.Body.ToJsonString(), second.Body!.ToJsonString());
        var run = await ground.Client.EndAsync(Ground.Tenant, (string)task["runId"]!);
        Assert.Equal("completed", (string?)run["status"]);
        Assert.Single(run["tasks"]![0]!["attempts"]!.AsArray());
    }

    [Fact]
    public async Task Report_SettledByAProcessThatEndedBeforeItCouldSaySo_TheRepeatEndsTheRun()
    {
        await using var ground = await Ground.StartAsync(new ManualClock());
        var agent = await ground.AgentAsync();
        await ground.Client.SubmitAsync(Ground.Tenant);
        var task = await agent.ClaimOneAsync();
        var report = new AttemptReport((string)task["taskId"]!, (int)task["attempt"]!, agent.Id, new AttemptOutcome.Succeeded());
        await ground.Service.Server.Services.GetRequiredService<AttemptSettler>().SettleAsync([report], CancellationToken.None);

        await agent.ReportAsync(task);

        Assert.Equal("completed", (string?)(await ground.Client.EndAsync(Ground.Tenant, (string)task["runId"]!))["status"]);
    }

    [Fact]
    public async Task Report_FromAnotherAgent_IsNotFound()
    {
        await using var ground = await Ground.StartAsync();
        var (agent, other) = (await ground.AgentAsync("one"), await ground.AgentAsync("two"));
        await ground.Client.SubmitAsync(Ground.Tenant);
        var task = await agent.ClaimOneAsync();

        var reply = await other.ReportAsync(task);

        Assert.Equal(HttpStatusCode.NotFound, reply.Status);
        Assert.True((await ground.Client.RunAsync(Ground.Tenant, (string)task["runId"]!)).TaskIs("one", "assigned"));
    }

    [Fact]
    public async Task Report_OfAnAttemptNeverHandedOut_IsNotFound()
    {
        await using var ground = await Ground.StartAsync();
        var agent = await ground.AgentAsync();
        await ground.Client.SubmitAsync(Ground.Tenant);
        var task = await agent.ClaimOneAsync();

        var reply = await agent.ReportAsync(task, attempt: 2);

        Assert.Equal(HttpStatusCode.NotFound, reply.Status);
    }

    [Fact]
    public async Task Report_OfAnOlderAttempt_IsStaleAndChangesNothing()
    {
        await using var ground = await Ground.StartAsync();
        var agent = await ground.AgentAsync();
        await ground.Client.CallAsync("PUT", $"/tenants/{Ground.Tenant}/policies/quick", """{"baseSeconds":0.05,"maxSeconds":0.05,"jitter":0}""");
        await ground.Client.SubmitAsync(Ground.Tenant, Bodies.Run(Bodies.Task("one", policy: "quick")));
        var first = await agent.ClaimOneAsync();
        Assert.Equal("retry", (string?)(await agent.ReportAsync(first, "failure", "connection refused")).Body!["outcome"]);
        var second = await agent.ClaimOneAsync();

        var late = await agent.ReportAsync(first);

        Assert.Equal(2, (int)second["attempt"]!);
        Assert.Equal(HttpStatusCode.Conflict, late.Status);
        Assert.Equal("stale-attempt", late.Code);
        Assert.True((await ground.Client.RunAsync(Ground.Tenant, (string)first["runId"]!)).TaskIs("one", "assigned"));
    }

    [Fact]
    public async Task Heartbeat_OfANewSession_LosesWhatItDoesNotList()
    {
        await using var ground = await Ground.StartAsync();
        var agent = await ground.AgentAsync();
        await agent.BeatAsync("before");
        await ground.Client.SubmitAsync(Ground.Tenant);
        var task = await agent.ClaimOneAsync();
        await agent.BeatAsync("before", task);

        await agent.BeatAsync("after");
        var again = await agent.ClaimOneAsync();
        var late = await agent.ReportAsync(task);

        Assert.Equal(2, (int)again["attempt"]!);
        Assert.Equal(HttpStatusCode.Conflict, late.Status);
        var run = await ground.Client.RunAsync(Ground.Tenant, (string)task["runId"]!);
        Assert.Equal("lost-agent", (string?)run["tasks"]![0]!["attempts"]![0]!["errorCategory"]);
    }

    [Fact]
    public async Task Heartbeat_OfASecondNamedProcess_IsRefusedAndTakesNothing()
    {
        await using var ground = await Ground.StartAsync();
        var agent = await ground.AgentAsync();
        Name(agent, "one");
        await agent.BeatAsync("one");
        await ground.Client.SubmitAsync(Ground.Tenant);
        var task = await agent.ClaimOneAsync();

        Name(agent, "two");
        var refused = await agent.BeatAsync("two");
        var claim = await agent.Client.PostAsync($"/agents/{agent.Id}/tasks/claim", new JsonObject { ["max"] = 1 });
        Name(agent, "one");
        var kept = await agent.BeatAsync("one", task);
        var result = await agent.ReportAsync(task);

        Assert.Equal((HttpStatusCode.Conflict, "agent-in-use"), (refused.Status, refused.Code));
        Assert.Equal((HttpStatusCode.Conflict, "agent-in-use"), (claim.Status, claim.Code));
        Assert.Equal(10, (int)refused.Body!["retryAfter"]!);
        Assert.Empty(kept.Body!["lost"]!.AsArray());
        Assert.Equal("completed", (string?)result.Body!["outcome"]);
        Assert.NotNull((await ground.Client.ReadAsync($"/agents/{agent.Id}")).Body!["contendedAt"]);
    }

    [Fact]
    public async Task Heartbeat_OfTheNextProcessOnceTheFirstHasEnded_IsTaken()
    {
        await using var ground = await Ground.StartAsync();
        var agent = await ground.AgentAsync();
        Name(agent, "one");
        await agent.BeatAsync("one");
        await agent.Client.PostAsync($"/agents/{agent.Id}/heartbeat", new JsonObject { ["version"] = "1", ["os"] = "linux", ["session"] = "one", ["ended"] = true });

        Name(agent, "two");
        var taken = await agent.BeatAsync("two");

        Assert.Equal(HttpStatusCode.OK, taken.Status);
        Assert.Null((await ground.Client.ReadAsync($"/agents/{agent.Id}")).Body!["contendedAt"]);
    }

    [Fact]
    public async Task Heartbeat_TwiceWithoutATask_LosesItAtOnce()
    {
        await using var ground = await Ground.StartAsync();
        var agent = await ground.AgentAsync();
        await agent.BeatAsync();
        await ground.Client.SubmitAsync(Ground.Tenant);
        var task = await agent.ClaimOneAsync();

        await agent.BeatAsync();
        var afterOne = await ground.Client.RunAsync(Ground.Tenant, (string)task["runId"]!);
        await agent.BeatAsync();
        var again = await agent.ClaimOneAsync();

        Assert.True(afterOne.TaskIs("one", "assigned"));
        Assert.Equal(2, (int)again["attempt"]!);
    }

    [Fact]
    public async Task Heartbeat_ListingAForeignTask_IsToldThatItIsLost()
    {
        await using var ground = await Ground.StartAsync();
        var (agent, other) = (await ground.AgentAsync("one"), await ground.AgentAsync("two"));
        await ground.Client.SubmitAsync(Ground.Tenant);
        var task = await agent.ClaimOneAsync();

        var reply = await other.BeatAsync("s1", task);

        Assert.Equal([(string)task["taskId"]!], reply.Body!["lost"]!.AsArray().Select(id => (string)id!));
    }

    [Fact]
    public async Task Report_BatchOfGoodAndBad_JudgesEachAlone()
    {
        await using var ground = await Ground.StartAsync();
        var agent = await ground.AgentAsync();
        await ground.Client.SubmitAsync(Ground.Tenant);
        var task = await agent.ClaimOneAsync();
        var stranger = task.DeepClone();
        stranger["taskId"] = ((string)task["taskId"]!).Replace(".one", ".two", StringComparison.Ordinal);

        var reply = await agent.Client.PostAsync($"/agents/{agent.Id}/task-results", new JsonObject { ["results"] = new JsonArray(Agent.Result(stranger), Agent.Result(task)) });

        var results = reply.Body!["results"]!.AsArray();
        Assert.Equal("task-not-found", (string?)results[0]!["code"]);
        Assert.Equal("completed", (string?)results[1]!["outcome"]);
    }

    private static void Name(Agent agent, string session)
    {
        agent.Client.DefaultRequestHeaders.Remove("Headgate-Session");
        agent.Client.DefaultRequestHeaders.Add("Headgate-Session", session);
    }
}
