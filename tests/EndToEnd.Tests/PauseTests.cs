using System.Net;
using Headgate.EndToEnd.Tests.Support;

namespace Headgate.EndToEnd.Tests;

public class PauseTests
{
    [Fact]
    public async Task Pause_RacingWithSubmits_NothingIsAdmittedAfterItsAnswer()
    {
        await using var ground = await Ground.StartAsync();
        await ground.Client.CallAsync("PATCH", $"/tenants/{Ground.Tenant}", """{"limits":{"maxConcurrentRuns":100000,"maxMonthlyRuns":100000}}""");
        var paused = 0;
        var lateAdmissions = 0;

        async Task SubmitUntilRefusedAsync()
        {
            while (true)
            {
                var sentAfterPause = Volatile.Read(ref paused) == 1;
                var reply = await ground.Client.SubmitAsync(Ground.Tenant);
                if (reply.Status != HttpStatusCode.Accepted)
                    return;
                if (sentAfterPause)
                    Interlocked.Increment(ref lateAdmissions);
            }
        }

        var submitters = Enumerable.Range(0, 16).Select(_ => SubmitUntilRefusedAsync()).ToList();
        while (await ground.Client.InFlightAsync(Ground.Tenant) < 50)
        {
        }

        var answer = await ground.Client.PostAsync($"/tenants/{Ground.Tenant}/pause");
        Volatile.Write(ref paused, 1);
        var counted = await ground.Client.InFlightAsync(Ground.Tenant);
        await Task.WhenAll(submitters);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(0, lateAdmissions);
        Assert.Equal(counted, await ground.Client.InFlightAsync(Ground.Tenant));
    }

    [Fact]
    public async Task Claim_WhileTheTenantIsPaused_GivesNothingUntilItIsResumed()
    {
        await using var ground = await Ground.StartAsync();
        var agent = await ground.AgentAsync();
        var run = await ground.Client.SubmitAsync(Ground.Tenant);
        await ground.Client.UntilAsync(Ground.Tenant, run.RunId, node => node.TaskIs("one", "ready"));
        await ground.Client.PostAsync($"/tenants/{Ground.Tenant}/pause");

        var whilePaused = await agent.ClaimAsync();
        var waiting = agent.ClaimOneAsync();
        await ground.Client.PostAsync($"/tenants/{Ground.Tenant}/resume");
        var task = await waiting;

        Assert.Empty(whilePaused);
        Assert.Equal(run.RunId, (string)task["runId"]!);
    }

    [Fact]
    public async Task Submit_WhilePaused_IsRefusedInTheWordsOfTheContract()
    {
        await using var ground = await Ground.StartAsync();
        await ground.Client.PostAsync($"/tenants/{Ground.Tenant}/pause");

        var reply = await ground.Client.SubmitAsync(Ground.Tenant);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, reply.Status);
        Assert.Equal("60", reply.Message.Headers.RetryAfter!.ToString());
        reply.Body!.AsObject().Remove("requestId");
        Assert.Equal(
            """{"error":"Tenant is temporarily paused","code":"tenant-paused","status":"paused","message":"Run processing is temporarily suspended. Try again later.","retryAfter":60}""",
            reply.Body.ToJsonString());
    }
}
