using System.Net;
using System.Text.Json.Nodes;
using Headgate.LocalHost.Options;
using Headgate.TestKit;
using Headgate.TestKit.Wire;

namespace Headgate.LocalHost.Tests.Telemetry;

public sealed class MetricsEndpointTests(MetricsGround ground) : IClassFixture<MetricsGround>
{
    [Fact]
    public void Scrape_AfterRuns_PromtoolFindsNothingWrong()
    {
        var (exitCode, output) = Promtool.Run(ground.Text, "check", "metrics");

        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public void Scrape_AfterRuns_HasTheAppsTheRuntimesAndTheServersMetrics()
    {
        Assert.Contains("headgate_admissions_total{", ground.Text, StringComparison.Ordinal);
        Assert.Contains("headgate_run_start_delay_seconds_bucket{", ground.Text, StringComparison.Ordinal);
        Assert.Contains("http_server_request_duration_seconds_bucket{", ground.Text, StringComparison.Ordinal);
        Assert.Contains("http_route=\"/tenants/{tenantId}/runs\"", ground.Text, StringComparison.Ordinal);
        Assert.Contains("dotnet_gc_collections_total{", ground.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Scrape_AfterRuns_NamesNoTenantRunOrAgent()
    {
        Assert.DoesNotContain("acme", ground.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("agent_id", ground.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("run_id", ground.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_ByTheOperator_IsAnswered()
    {
        using var answer = await ground.Service.Client.GetAsync(new Uri("/metrics", UriKind.Relative));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/plain", answer.Content.Headers.ContentType?.MediaType);
        Assert.NotEmpty(answer.Headers.GetValues("X-Request-Id"));
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized, "unauthenticated")]
    [InlineData("", HttpStatusCode.Unauthorized, "unauthenticated")]
    [InlineData("scrape-0123456789abcdef012345678X", HttpStatusCode.Unauthorized, "unauthenticated")]
    [InlineData("scrape-0123456789abcdef0123456789-and-more", HttpStatusCode.Unauthorized, "unauthenticated")]
    [InlineData("tenant", HttpStatusCode.Forbidden, "insufficient-permission")]
    public async Task Get_ByOthers_IsRefused(string? key, HttpStatusCode status, string code)
    {
        if (key == "tenant")
            key = (string)(await ground.Service.Client.PostAsync("/tenants/acme/keys", new JsonObject { ["name"] = "k", ["role"] = "owner" })).Body!["key"]!;
        using var client = ground.Service.NewClient(key);

        var reply = await client.ReadAsync("/metrics");

        Assert.Equal((status, code), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task Get_OtherPathWithTheScrapeKey_IsRefused()
    {
        using var client = ground.Service.NewClient(MetricsGround.ScrapeKey);

        Assert.Equal(HttpStatusCode.Unauthorized, (await client.ReadAsync("/queues")).Status);
    }

    [Fact]
    public async Task Post_ToTheRoute_IsNoMethodOfIt()
    {
        var reply = await ground.Service.Client.PostAsync("/metrics");

        Assert.Equal((HttpStatusCode.MethodNotAllowed, "GET, HEAD"), (reply.Status, reply.Header("Allow")));
    }

    [Fact]
    public async Task Get_WithoutAScrapeKey_CountsFromTheFirstCall()
    {
        await using var service = await LocalService.StartAsync();

        var first = await service.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        await service.Client.CreateTenantAsync("late");
        await service.Client.SubmitAsync("late");

        Assert.StartsWith("#", first, StringComparison.Ordinal);
        Assert.Contains("headgate_admissions_total{", await service.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithAShortScrapeKey_IsRefused()
    {
        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => LocalService.StartAsync(
            settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["HEADGATE_SCRAPE_KEY"] = new string('x', 31) }));

        var problem = Assert.Single(refused.Problems);
        Assert.Equal(("HEADGATE_SCRAPE_KEY", "must have at least 32 characters, not 31"), (problem.Path, problem.Message));
    }
}
