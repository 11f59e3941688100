using System.Net;
using Headgate.EndToEnd.Tests.Contract.Kit;

namespace Headgate.EndToEnd.Tests.Contract.Runs;

public class CancelTests(ContractHost ground) : IClassFixture<ContractHost>
{
    [SuiteFact]
    public async Task Cancel_RunThatWaits_EndsItAtOnceAndFreesItsSlot()
    {
        var tenant = await ground.TenantAsync();
        var run = (await ground.Client.SubmitAsync(tenant, Bodies.Run(Bodies.Task("a"), Bodies.Task("b", needs: "a")))).RunId;

        var first = await CancelAsync(tenant, run);
        var end = await ground.Client.EndAsync(tenant, run);
        var again = await CancelAsync(tenant, run);

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Accepted), (first.Status, again.Status));
        Assert.Equal(run, first.RunId);
        Assert.Equal("cancelled", (string?)end["status"]);
        Assert.All(end["tasks"]!.AsArray(), task => Assert.Equal("cancelled", (string?)task!["status"]));
        Assert.Equal(0, await ground.Client.InFlightAsync(tenant));
    }

    [SuiteFact]
    public async Task Cancel_RunInBackoff_EndsIt()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        var run = (await ground.Client.SubmitAsync(tenant)).RunId;
        Assert.Equal("retry", await agent.OutcomeAsync(await agent.ClaimOneAsync(), "failure", "connection refused"));

        await CancelAsync(tenant, run);
        var end = await ground.Client.EndAsync(tenant, run);

        Assert.True(end.TaskIs("one", "cancelled"));
        Assert.Equal("cancelled", (string?)end["status"]);
        Assert.Equal(0, (int)(await ground.Client.ReadAsync($"/agents/{agent.Id}/backoff-status")).Body!["tasksInBackoff"]!);
    }

    [SuiteFact]
    public async Task Cancel_RunningTask_IsToldByHeartbeatAndEndsWithItsReport()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        var run = (await ground.Client.SubmitAsync(tenant, Bodies.Run(Bodies.Task("a"), Bodies.Task("b", needs: "a")))).RunId;
        var task = await agent.ClaimOneAsync();
        await agent.BeatAsync("s", task);

        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => CancelAsync(tenant, run)));
        var waiting = await ground.Client.UntilAsync(tenant, run, node => node.TaskIs("b", "cancelled"));
        var told = await agent.BeatAsync("s", task);
        var outcome = await agent.OutcomeAsync(task, "cancelled");
        var end = await ground.Client.EndAsync(tenant, run);

        Assert.All(replies, reply => Assert.Equal(HttpStatusCode.Accepted, reply.Status));
        Assert.True(waiting.TaskIs("a", "running"));
        Assert.Equal([(string)task["taskId"]!], told.Body!["cancel"]!.AsArray().Select(id => (string)id!));
        Assert.Equal("cancelled", outcome);
        Assert.Equal("cancelled", (string?)end["status"]);
        Assert.Empty((await ground.Client.ReadAsync($"/tenants/{tenant}/dead-letters")).Body!["items"]!.AsArray());
    }

    [SuiteFact]
    public async Task Cancel_TaskThatFailsMeanwhile_IsNotRetried()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        var run = (await ground.Client.SubmitAsync(tenant)).RunId;
        var task = await agent.ClaimOneAsync();
        await CancelAsync(tenant, run);

        await agent.ReportAsync(task, "failure", "connection refused");
        var end = await ground.Client.EndAsync(tenant, run);

        Assert.Equal("cancelled", (string?)end["status"]);
        Assert.True(end.TaskIs("one", "cancelled"));
        Assert.Empty(await agent.ClaimAsync());
    }

    [SuiteFact]
    public async Task Cancel_FinishedRun_IsAConflict()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        var run = (await ground.Client.SubmitAsync(tenant)).RunId;
        await agent.OutcomeAsync(await agent.ClaimOneAsync());
        await ground.Client.EndAsync(tenant, run);

        var reply = await CancelAsync(tenant, run);

        Refused.With(409, "run-finished", reply);
        Assert.Equal("completed", (string?)(await ground.Client.RunAsync(tenant, run))["status"]);
    }

    [SuiteFact]
    public async Task Cancel_PendingRunOfAPausedTenant_EndsIt()
    {
        var tenant = await ground.TenantAsync();
        var run = (await ground.Client.SubmitAsync(tenant)).RunId;
        await ground.Client.PostAsync($"/tenants/{tenant}/pause");

        await CancelAsync(tenant, run);

        Assert.Equal("cancelled", (string?)(await ground.Client.EndAsync(tenant, run))["status"]);
        Assert.Equal(0, await ground.Client.InFlightAsync(tenant));
    }

    private Task<Reply> CancelAsync(string tenant, string run) => ground.Client.PostAsync($"/tenants/{tenant}/runs/{run}/cancel");
}
