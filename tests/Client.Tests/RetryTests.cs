using System.Net;
using Headgate.Contracts.Runs;
using Headgate.Contracts.Tenants;
using Microsoft.Extensions.DependencyInjection;

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
            .Then(200, """{"items":[{"keyId":"a","name":"a","role":"viewer","createdAt":"2026-01-01T00:00:00Z"}],"next":"x y"}""")
            .Then(200, """{"items":[{"keyId":"b","name":"b","role":"viewer","createdAt":"2026-01-01T00:00:00Z"}],"next":null}""");
        using var client = service.Client();

        var seen = new List<string>();
        await foreach (var key in client.Keys.ListAsync("acme"))
            seen.Add($"{key.KeyId} after {service.Calls.Count}");

        Assert.Equal(["a after 1", "b after 2"], seen);
        Assert.EndsWith("&after=x%20y", service.Calls[1].Path, StringComparison.Ordinal);
    }

    [Fact]
    public void AddHeadgateClient_WithoutService_SaysSo()
    {
        using var provider = new ServiceCollection().AddHeadgateClient(_ => { }).Services.BuildServiceProvider();

        Assert.Contains("needs Service", Assert.Throws<Microsoft.Extensions.Options.OptionsValidationException>(provider.GetRequiredService<HeadgateClient>).Message, StringComparison.Ordinal);
    }

    private sealed record Call(string Path, string? IdempotencyKey);

    /// <summary>A service that answers as it is told, in order.</summary>
    private sealed class Script : HttpMessageHandler
    {
        private readonly Queue<Func<HttpResponseMessage>> _answers = new();

        public List<Call> Calls { get; } = [];

        public Script Then(int status, string body, string? retryAfter = null)
        {
            _answers.Enqueue(() =>
            {
                var answer = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body) };
                if (retryAfter is not null)
                    answer.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
                return answer;
            });
            return this;
        }

        public Script ThenBreak()
        {
            _answers.Enqueue(() => throw new HttpRequestException("the connection broke"));
            return this;
        }

        public HeadgateClient Client()
        {
            var services = new ServiceCollection();
            services.AddHeadgateClient(options => (options.Service, options.Key) = (new Uri("http://127.0.0.1:1/base"), "hg_a_b")).ConfigurePrimaryHttpMessageHandler(() => this);
            return services.BuildServiceProvider().GetRequiredService<HeadgateClient>();
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Calls.Add(new(request.RequestUri!.PathAndQuery, request.Headers.TryGetValues("Idempotency-Key", out var keys) ? keys.Single() : null));
            var answer = _answers.Dequeue()();
            answer.RequestMessage = request;
            return Task.FromResult(answer);
        }
    }
}
