using Headgate.Contracts.Agents;
using Headgate.Contracts.Runs;
using Headgate.Contracts.Tenants;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Headgate.Client.Tests;

/// <summary>What the client takes, makes of answers, and refuses to send.</summary>
public class ClientTests
{
    private static readonly SubmitRunRequest Run = new("nightly", [new TaskRequest("one", "noop")]);

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    public async Task Ids_ThatNoSegmentOfAPathCanBe_AreNotSent(string id)
    {
        var service = new Script();
        using var client = service.Client();

        await Assert.ThrowsAsync<ArgumentException>(() => client.DeadLetters.ReplayAsync("acme", id));
        await Assert.ThrowsAsync<ArgumentException>(() => client.Tenants.GetAsync(id));
        Assert.Empty(service.Calls);
    }

    [Fact]
    public async Task SubmitAsync_QueuedAndReplayed_TellsBoth()
    {
        var service = new Script().Then(
            202,
            """{"runId":"r1","status":"queued","position":3,"estimatedStartAt":"2026-01-01T00:00:00Z","inFlight":5,"limit":5,"links":{"self":"","timeline":"","cancel":"","explain":"","events":""},"requestId":"q"}""",
            replayed: "true");
        using var client = service.Client();

        var taken = await client.Runs.SubmitAsync("acme", Run);

        Assert.Equal(("queued", 3, true), (taken.Status, taken.Position, taken.IsReplayed));
        Assert.NotNull(taken.EstimatedStartAt);
    }

    [Theory]
    [InlineData("""{"runId":null,"status":"pending","inFlight":1,"limit":5,"links":null,"requestId":"q"}""")]
    [InlineData("""{"status":"pending"}""")]
    [InlineData("null")]
    public async Task SubmitAsync_AnsweredByAnotherVersion_SaysSo(string answer)
    {
        using var client = new Script().Then(202, answer).Client();

        Assert.Contains("not an answer of the service", (await Assert.ThrowsAsync<HttpRequestException>(() => client.Runs.SubmitAsync("acme", Run))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SubmitAsync_AKeyOrAWaitThatIsNone_IsNotSent()
    {
        var service = new Script();
        using var client = service.Client();

        await Assert.ThrowsAsync<ArgumentException>(() => client.Runs.SubmitAsync("acme", Run, "a\nb"));
        await Assert.ThrowsAsync<ArgumentException>(() => client.Runs.SubmitAsync("acme", Run, ""));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => client.Runs.SubmitAsync("acme", Run, wait: TimeSpan.FromSeconds(31)));
        Assert.Empty(service.Calls);
    }

    [Fact]
    public async Task ListAsync_APageThatLeadsBackToItself_HasAnEnd()
    {
        const string Page = """{"items":[],"next":"x"}""";
        using var client = new Script().Then(200, Page).Then(200, Page).Client();

        await Assert.ThrowsAsync<HttpRequestException>(async () =>
        {
            await foreach (var key in client.Keys.ListAsync("acme"))
                Assert.Fail(key.KeyId);
        });
    }

    [Theory]
    [InlineData("http://me:secret@a")]
    [InlineData("http://a/?b")]
    [InlineData("http://a/#b")]
    [InlineData("ftp://a")]
    public void Service_ThatIsNoAddress_IsRefused(string service) =>
        Assert.Throws<ArgumentException>(() => new HeadgateClient(new HeadgateClientOptions { Service = new Uri(service) }));

    [Fact]
    public void AddHeadgateClient_WithoutService_SaysSo()
    {
        using var provider = new ServiceCollection().AddHeadgateClient(_ => { }).Services.BuildServiceProvider();

        Assert.Contains("needs Service", Assert.Throws<OptionsValidationException>(provider.GetRequiredService<HeadgateClient>).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddHeadgateClient_ForTwoServices_HasOneOfEachName()
    {
        var (west, east) = (new Script().Then(503, "{}"), new Script().Then(200, "{}"));
        var services = new ServiceCollection();
        services.AddHeadgateClient("west", options => options.Service = new Uri("http://127.0.0.1:1/west")).ConfigurePrimaryHttpMessageHandler(() => west);
        services.AddHeadgateClient("east", options => options.Service = new Uri("http://127.0.0.1:1/east")).ConfigurePrimaryHttpMessageHandler(() => east);
        await using var provider = services.BuildServiceProvider();

        Assert.False(await provider.GetRequiredKeyedService<HeadgateClient>("west").Operations.IsReadyAsync());
        Assert.True(await provider.GetRequiredKeyedService<HeadgateClient>("east").Operations.IsReadyAsync());
        Assert.Equal(("/west/ready", "/east/ready"), (Assert.Single(west.Calls).Path, Assert.Single(east.Calls).Path));
        Assert.Throws<InvalidOperationException>(() => services.AddHeadgateClient("east", _ => { }));
        services.AddHeadgateClient(_ => { });
        Assert.Throws<InvalidOperationException>(() => services.AddHeadgateClient(_ => { }));
    }

    [Fact]
    public async Task Dispose_OfAClientOnAConnectionOfSomebodyElse_LeavesItAlone()
    {
        using var service = new Script().Then(200, "{}");
        using var http = new HttpClient(service) { BaseAddress = new Uri("http://127.0.0.1:1/") };

        new HeadgateClient(http).Dispose();

        Assert.True(await new HeadgateClient(http).Operations.IsReadyAsync());
    }

    [Fact]
    public void Keys_AsText_AreNotShown()
    {
        Assert.DoesNotContain("secret", new KeyCreated("k1", "hg_k1_secret", "viewer", null).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", new AgentRegistered("a1", "hg_a1_secret").ToString(), StringComparison.Ordinal);
    }
}
