using System.Net;
using Headgate.Contracts.Runs;
using Headgate.Contracts.Tenants;

namespace Headgate.Client.Tests;

/// <summary>Which calls the client makes again, against answers that the test writes.</summary>
public class RetryTests
{
    private static readonly SubmitRunRequest Run = new("nightly", [new TaskRequest("one", "noop")]);

    private const string Accepted = """{"runId":"r1","status":"pending","inFlight":1,"limit":5,"links":{"self":"","timeline":"","cancel":"","explain":"","events":""},"requestId":"q1"}""";
    private const string Busy = """{"error":"Too many changes at once","code":"busy","retryAfter":0,"requestId":"q1"}""";
    private const string Full = """{"error":"Concurrency limit exceeded","code":"concurrency-limit","currentUsage":5,"limit":5,"retryAfter":30,"requestId":"q2"}""";

    [Fact]
    public async Task SubmitAsync_RefusedForAMoment_IsMadeAgainWithTheSameKey()
    {
        var service = new Script().Then(503, Busy, "0").Then(503, Busy, "0").Then(202, Accepted);
        using var client = service.Client();

        var accepted = await client.Runs.SubmitAsync("acme", Run);

        Assert.Equal("r1", accepted.RunId);
        Assert.Equal(3, service.Calls.Count);
        Assert.Single(service.Calls.Select(call => call.IdempotencyKey).Distinct(StringComparer.Ordinal));
        Assert.NotNull(service.Calls[0].IdempotencyKey);
    }

    [Fact]
    public async Task SubmitAsync_AskedToComeBackMuchLater_TellsTheRefusalAtOnce()
    {
        var service = new Script().Then(429, Full, "30");
        using var client = service.Client();

        var refusal = await Assert.ThrowsAsync<HeadgateException>(() => client.Runs.SubmitAsync("acme", Run));

        Assert.Equal((HttpStatusCode.TooManyRequests, "concurrency-limit", TimeSpan.FromSeconds(30), "q2"), (refusal.Status, refusal.Code, refusal.RetryAfter, refusal.RequestId));
        Assert.Equal(5, refusal.Body.GetProperty("limit").GetInt32());
        Assert.Single(service.Calls);
    }

    [Fact]
    public async Task SubmitAsync_AskedByADateToComeBackMuchLater_TellsTheRefusalAtOnce()
    {
        var service = new Script().Then(503, Busy, DateTimeOffset.UtcNow.AddHours(1).ToString("R"));
        using var client = service.Client();

        Assert.Equal("busy", (await Assert.ThrowsAsync<HeadgateException>(() => client.Runs.SubmitAsync("acme", Run))).Code);
        Assert.Single(service.Calls);
    }

    [Fact]
    public async Task SubmitAsync_ConnectionLost_IsMadeAgain()
    {
        var service = new Script().ThenBreak().Then(202, Accepted);
        using var client = service.Client();

        Assert.Equal("r1", (await client.Runs.SubmitAsync("acme", Run)).RunId);
        Assert.Equal(2, service.Calls.Count);
    }

    [Fact]
    public async Task CreateAsync_ConnectionLost_IsNotMadeAgain()
    {
        var service = new Script().ThenBreak();
        using var client = service.Client();

        await Assert.ThrowsAsync<HttpRequestException>(() => client.Tenants.CreateAsync(new CreateTenantRequest("acme", "Acme", "pro")));

        Assert.Single(service.Calls);
    }

    [Fact]
    public async Task CreateAsync_StoreMayHaveWritten_IsNotMadeAgain()
    {
        var service = new Script().Then(503, """{"error":"Store unavailable","code":"store-unavailable","retryAfter":0,"requestId":"q"}""", "0");
        using var client = service.Client();

        var refusal = await Assert.ThrowsAsync<HeadgateException>(() => client.Tenants.CreateAsync(new CreateTenantRequest("acme", "Acme", "pro")));

        Assert.Equal("store-unavailable", refusal.Code);
        Assert.Single(service.Calls);
    }

    [Fact]
    public async Task GetAsync_AnsweredByAProxy_SaysThatItIsNotTheService()
    {
        var service = new Script().Then(200, "<html>hello</html>");
        using var client = service.Client();

        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => client.Tenants.GetAsync("acme"));

        Assert.Contains("not an answer of the service", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetAsync_IdWithASlash_StaysOneSegment()
    {
        var service = new Script().Then(404, """{"error":"Tenant not found","code":"tenant-not-found","requestId":"q"}""");
        using var client = service.Client();

        Assert.Equal("tenant-not-found", (await Assert.ThrowsAsync<HeadgateException>(() => client.Tenants.GetAsync("a/../b"))).Code);
        Assert.Equal("/base/tenants/a%2F..%2Fb", service.Calls[0].Path);
    }

    [Fact]
    public async Task ListAsync_OfTwoPages_ReadsTheSecondWhenItIsComeTo()
    {
        var service = new Script()
            .Then(200, """{"items":[{"keyId":"a","name":"a","role":"viewer","createdAt":"2026-01-01T00:00:00Z","expiresAt":null}],"next":"x y"}""")
            .Then(200, """{"items":[{"keyId":"b","name":"b","role":"viewer","createdAt":"2026-01-01T00:00:00Z","expiresAt":null}],"next":null}""");
        using var client = service.Client();

        var seen = new List<string>();
        await foreach (var key in client.Keys.ListAsync("acme"))
            seen.Add($"{key.KeyId} after {service.Calls.Count}");

        Assert.Equal(["a after 1", "b after 2"], seen);
        Assert.EndsWith("&after=x%20y", service.Calls[1].Path, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("concurrency-limit", false, false, 1)]
    [InlineData("queue-full", false, false, 1)]
    [InlineData("concurrency-limit", true, false, 2)]
    [InlineData("concurrency-limit", true, true, 1)]
    [InlineData("rate-limited", false, false, 2)]
    public async Task SubmitAsync_OneTooMany_ComesBackOnlyWhereThatMakesSense(string code, bool retriesWhenFull, bool asksToWait, int calls)
    {
        var service = new Script().Then(429, $$"""{"error":"Too many","code":"{{code}}","retryAfter":0,"requestId":"q"}""", "0").Then(202, Accepted);
        using var client = service.Client(options => options.RetriesWhenFull = retriesWhenFull);

        try
        {
            await client.Runs.SubmitAsync("acme", Run, wait: asksToWait ? TimeSpan.FromSeconds(1) : null);
        }
        catch (HeadgateException refusal)
        {
            Assert.Equal(code, refusal.Code);
        }

        Assert.Equal(calls, service.Calls.Count);
    }

    [Fact]
    public async Task SubmitAsync_RefusedWithTheWaitInTheHeaderAlone_TellsIt()
    {
        var service = new Script().Then(429, """{"error":"Plan limit exceeded","code":"monthly-limit","requestId":"q"}""", "86400");
        using var client = service.Client();

        Assert.Equal(TimeSpan.FromDays(1), (await Assert.ThrowsAsync<HeadgateException>(() => client.Runs.SubmitAsync("acme", Run))).RetryAfter);
    }

    [Fact]
    public async Task SubmitAsync_AskedToComeBack_WaitsAsLongAndLittleLonger()
    {
        var clock = new HastyClock(TimeSpan.FromSeconds(20));
        var service = new Script().Then(503, Busy, "7").Then(202, Accepted);
        using var client = service.Client(options => (options.Time, options.Timeout) = (clock, TimeSpan.FromHours(1)));

        await client.Runs.SubmitAsync("acme", Run);

        Assert.InRange(Assert.Single(clock.Waits), TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(8.4));
    }

    [Fact]
    public async Task UpdateAsync_UnderAConditionThatMayHaveBeenUsedUp_IsNotMadeAgain()
    {
        var service = new Script().ThenBreak();
        using var client = service.Client();

        await Assert.ThrowsAsync<HttpRequestException>(() => client.Tenants.UpdateAsync("acme", [], "\"1\""));

        Assert.Single(service.Calls);
    }

    [Fact]
    public async Task DeleteAsync_DoneByTheTryWhoseAnswerWasLost_Succeeds()
    {
        const string Gone = """{"error":"Policy not found","code":"policy-not-found","requestId":"q"}""";
        var service = new Script().ThenBreak().Then(404, Gone).Then(404, Gone);
        using var client = service.Client();

        await client.Policies.DeleteAsync("acme", "slow");

        Assert.Equal("policy-not-found", (await Assert.ThrowsAsync<HeadgateException>(() => client.Policies.DeleteAsync("acme", "slow"))).Code);
    }

    [Fact]
    public async Task IsReadyAsync_NotReady_SaysSoAtOnce()
    {
        var service = new Script().Then(503, "{}");
        using var client = service.Client();

        Assert.False(await client.Operations.IsReadyAsync());
        Assert.Single(service.Calls);
    }

    [Fact]
    public async Task GetAsync_AnswerThatBreaksOnTheWay_IsReadAgain()
    {
        var service = new Script().Then(new BrokenContent()).Then(404, """{"error":"Tenant not found","code":"tenant-not-found","requestId":"q"}""");
        using var client = service.Client();

        Assert.Equal("tenant-not-found", (await Assert.ThrowsAsync<HeadgateException>(() => client.Tenants.GetAsync("acme"))).Code);
    }

    [Fact]
    public async Task GetAsync_AnswerThatNeverEnds_IsGivenUp()
    {
        var service = new Script().Then(new SilentContent());
        using var client = service.Client(options => (options.Timeout, options.MaxRetries) = (TimeSpan.FromMilliseconds(50), 0));

        Assert.Contains("no answer in time", (await Assert.ThrowsAsync<HttpRequestException>(() => client.Tenants.GetAsync("acme"))).Message, StringComparison.Ordinal);
    }
}
