using System.Net;
using System.Text.Json.Nodes;
using Headgate.EndToEnd.Tests.Contract.Kit;

namespace Headgate.EndToEnd.Tests.Contract.Submission;

public class WaitingTests(ContractHost ground) : IClassFixture<ContractHost>
{
    private const string OneSlot = """{"maxConcurrentRuns":1}""";
    private const string OneSlotAndQueue = """{"maxConcurrentRuns":1,"maxWaitingRuns":2}""";

    [SuiteFact]
    public async Task Submit_OverTheCapWithAQueue_WaitsAndStartsWhenASlotGetsFree()
    {
        var tenant = await ground.TenantAsync(limits: OneSlotAndQueue);
        var running = await ground.Client.SubmitAsync(tenant);

        var low = await ground.Client.SubmitAsync(tenant, Run("low"));
        var high = await ground.Client.SubmitAsync(tenant, Run("high"));
        var full = await ground.Client.SubmitAsync(tenant);

        Assert.Equal((HttpStatusCode.Accepted, "queued", 1), (low.Status, (string?)low.Body!["status"], (int)low.Body["position"]!));
        Assert.Equal(["runId", "status", "position", "estimatedStartAt", "inFlight", "limit", "links", "requestId"], low.Body.Fields());
        Assert.Equal(1, (int)high.Body!["position"]!);
        Refused.Exactly(
            429,
            """{"error":"Queue of waiting runs is full","code":"queue-full","reason":"Queue of waiting runs is full (2 waiting runs on Enterprise plan). Wait for one of them to start.","currentUsage":2,"limit":2,"plan":"enterprise","retryAfter":30}""",
            full);
        var view = await ground.Client.RunAsync(tenant, low.RunId);
        Assert.Equal(("queued", 2), ((string?)view["status"], (int)view["position"]!));
        Assert.Equal((1, 2), await CountsAsync(tenant));
        var listed = (await ground.Client.ReadAsync($"/tenants/{tenant}/runs?status=queued")).Body!["items"]!.AsArray();
        Assert.Equal([(high.RunId, 1), (low.RunId, 2)], listed.Select(run => ((string)run!["runId"]!, (int)run["position"]!)));

        await ground.Client.PostAsync($"/tenants/{tenant}/runs/{running.RunId}/cancel");
        var started = await ground.Client.UntilAsync(tenant, high.RunId, run => (string?)run["status"] is "pending" or "running");
        Assert.Null(started["position"]);
        Assert.Equal((1, 1), await CountsAsync(tenant));
        var kinds = (await ground.Client.ReadAsync($"/tenants/{tenant}/runs/{high.RunId}/timeline")).Body!["items"]!.AsArray().Select(item => (string?)item!["kind"]);
        Assert.Equal(["run-queued", "run-admitted"], kinds.Take(2));
    }

    [SuiteFact]
    public async Task Cancel_QueuedRun_EndsAtOnce()
    {
        var tenant = await ground.TenantAsync(limits: OneSlotAndQueue);
        await ground.Client.SubmitAsync(tenant);
        var queued = await ground.Client.SubmitAsync(tenant);

        var cancelled = await ground.Client.PostAsync($"/tenants/{tenant}/runs/{queued.RunId}/cancel");
        var again = await ground.Client.PostAsync($"/tenants/{tenant}/runs/{queued.RunId}/cancel");

        Assert.Equal((HttpStatusCode.Accepted, "cancelled"), (cancelled.Status, (string?)cancelled.Body!["status"]));
        Assert.Equal(HttpStatusCode.Accepted, again.Status);
        Assert.True((await ground.Client.RunAsync(tenant, queued.RunId)).TaskIs("one", "cancelled"));
        Assert.Equal((1, 0), await CountsAsync(tenant));
    }

    [SuiteFact]
    public async Task Limit_Raised_LetsWaitingRunsGoAtOnce()
    {
        var tenant = await ground.TenantAsync(limits: OneSlotAndQueue);
        await ground.Client.SubmitAsync(tenant);
        var queued = await ground.Client.SubmitAsync(tenant);

        var patched = await ground.Client.CallAsync("PATCH", $"/tenants/{tenant}", """{"limits":{"maxConcurrentRuns":3}}""");

        Assert.Equal(HttpStatusCode.OK, patched.Status);
        Assert.Equal((2, 0), await CountsAsync(tenant));
        Assert.NotEqual("queued", (string?)(await ground.Client.RunAsync(tenant, queued.RunId))["status"]);
    }

    [SuiteFact]
    public async Task Submit_SameKeyWhileQueued_IsTheFirstAnswerAgain()
    {
        var tenant = await ground.TenantAsync(limits: OneSlotAndQueue);
        await ground.Client.SubmitAsync(tenant);

        var first = await ground.Client.SubmitAsync(tenant, idempotencyKey: "k");
        var second = await ground.Client.SubmitAsync(tenant, idempotencyKey: "k");

        Assert.Equal(first.Body!.ToJsonString(), second.Body!.ToJsonString());
        Assert.Equal("true", second.Header("Idempotency-Replayed"));
        Assert.Equal((1, 1), await CountsAsync(tenant));
    }

    [SuiteFact]
    public async Task Foreman_OverTheCapWithAQueue_ShowsTheQueuedRun()
    {
        var tenant = await ground.TenantAsync(limits: OneSlotAndQueue);
        await ground.Client.SubmitAsync(tenant);

        var reply = await ground.Client.CallAsync("POST", "/a2a/foreman", $$"""{"tenantId":"{{tenant}}","runType":"noop"}""");

        Assert.Equal((HttpStatusCode.Accepted, "queued", 1), (reply.Status, (string?)reply.Body!["status"], (int)reply.Body["position"]!));
    }

    [SuiteFact]
    public async Task PreferWait_SlotGetsFree_IsAdmitted()
    {
        var tenant = await ground.TenantAsync(limits: OneSlot);
        var running = await ground.Client.SubmitAsync(tenant);

        var held = SubmitAsync(ground.Client, tenant, "respond-async, wait=30");
        await ground.Client.PostAsync($"/tenants/{tenant}/runs/{running.RunId}/cancel");
        var reply = await held;

        Assert.Equal((HttpStatusCode.Accepted, "wait=30"), (reply.Status, reply.Header("Preference-Applied")));
        Assert.Equal((1, 0), await CountsAsync(tenant));
    }

    [SuiteFact]
    public async Task PreferWait_NoSlotInTime_IsRefusedAsUsual()
    {
        var tenant = await ground.TenantAsync(limits: OneSlot);
        await ground.Client.SubmitAsync(tenant);

        var held = await SubmitAsync(ground.Client, tenant, "wait=1");
        var ignored = await SubmitAsync(ground.Client, tenant, "wait=31");

        Refused.With(429, "concurrency-limit", held);
        Refused.With(429, "concurrency-limit", ignored);
        Assert.Equal(("wait=1", null), (held.Header("Preference-Applied"), ignored.Header("Preference-Applied")));
    }

    // When the service hears that a client has left is nobody's promise: it may be after the slot is free.
    [SuiteFact]
    public async Task PreferWait_ClientLeaves_GivesItsPlaceUp() => Assert.Equal((0, 0), await Again.UntilAsync(LeaveAsync, counts => counts == (0, 0)));

    [SuiteFact]
    public async Task ShadowLimits_Reached_RefuseNothingAndTell()
    {
        var tenant = await ground.TenantAsync(limits: """{"shadow":{"maxConcurrentRuns":1,"maxMonthlyRuns":2}}""");

        var replies = new List<Reply>();
        for (var i = 0; i < 3; i++)
            replies.Add(await ground.Client.SubmitAsync(tenant));
        var shown = await ground.Client.ReadAsync($"/tenants/{tenant}");
        var cleared = await ground.Client.CallAsync("PATCH", $"/tenants/{tenant}", """{"limits":{"shadow":null}}""");

        Assert.All(replies, reply => Assert.Equal(HttpStatusCode.Accepted, reply.Status));
        Assert.Equal([null, "concurrency-limit", "monthly-limit"], replies.Select(reply => (string?)reply.Body!["shadowRefusal"]));
        Assert.Equal("""{"maxConcurrentRuns":1,"maxMonthlyRuns":2}""", shown.Body!["limits"]!["shadow"]!.ToJsonString());
        Assert.Null(cleared.Body!["limits"]!["shadow"]);
    }

    [SuiteFact]
    public async Task Limits_OutOfBounds_AreRefusedByName()
    {
        var tenant = await ground.TenantAsync();

        var reply = await ground.Client.CallAsync("PATCH", $"/tenants/{tenant}", """{"limits":{"maxWaitingRuns":1001,"shadow":{"maxMonthlyRuns":-1,"maxRepos":1}}}""");

        Refused.At(reply, "limits.maxWaitingRuns", "limits.shadow.maxMonthlyRuns", "limits.shadow.maxRepos");
    }

    private async Task<(int InFlight, int Waiting)> LeaveAsync()
    {
        var tenant = await ground.TenantAsync(limits: OneSlot);
        var running = await ground.Client.SubmitAsync(tenant);
        using (var impatient = await ground.MemberAsync(tenant, "developer"))
        {
            impatient.Timeout = TimeSpan.FromMilliseconds(200);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SubmitAsync(impatient, tenant, "wait=30"));
        }

        await ground.Client.PostAsync($"/tenants/{tenant}/runs/{running.RunId}/cancel");
        await ground.Client.EndAsync(tenant, running.RunId);
        return await CountsAsync(tenant);
    }

    private static Task<Reply> SubmitAsync(HttpClient client, string tenant, string prefer) =>
        client.CallAsync("POST", $"/tenants/{tenant}/runs", Run("normal").ToJsonString(), ("Prefer", prefer));

    private static JsonObject Run(string priority)
    {
        var run = Bodies.OneTask();
        run["priority"] = priority;
        return run;
    }

    private async Task<(int InFlight, int Waiting)> CountsAsync(string tenant)
    {
        var view = (await ground.Client.ReadAsync($"/tenants/{tenant}")).Body!;
        return ((int)view["inFlight"]!, (int)view["waitingRuns"]!);
    }
}
