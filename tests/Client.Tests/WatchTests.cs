namespace Headgate.Client.Tests;

/// <summary>Streams of events whose connections break, against answers that the test writes.</summary>
public class WatchTests
{
    private const string Html = "<html>hello</html>";

    [Fact]
    public async Task WatchAsync_BrokenBeforeTheFirstEvent_IsTakenUpAgain()
    {
        var service = new Script().ThenEvents("").ThenBreak().ThenEvents(Run("running", "1")).ThenEvents(Run("completed", "2"));

        Assert.Equal(["running", "completed"], await StatusesAsync(service));
        Assert.Equal("1", service.Calls[^1].LastEventId);
    }

    [Fact]
    public async Task WatchAsync_TheEndWasTold_IsNotTakenUpAgain()
    {
        var service = new Script().ThenEvents(Run("failed", "1"));

        Assert.Equal(["failed"], await StatusesAsync(service));
        Assert.Single(service.Calls);
    }

    [Fact]
    public async Task WatchAsync_NobodyIsThereAnyMore_IsGivenUp()
    {
        var service = new Script().ThenEvents(Run("running", "1"));
        // Each time that the stream is opened the call is made five times.
        for (var i = 0; i < 50; i++)
            service.ThenBreak();

        await Assert.ThrowsAsync<HttpRequestException>(() => StatusesAsync(service));
        Assert.Equal(51, service.Calls.Count);
    }

    [Fact]
    public async Task WatchAsync_AskedToComeBackMuchLater_ComesBackWithinHalfAMinute()
    {
        var clock = Clock();
        var service = new Script().ThenEvents("retry: 86400000\n" + Run("running", "1")).ThenEvents(Run("completed", "2"));

        await StatusesAsync(service, clock);

        Assert.All(clock.Waits, wait => Assert.InRange(wait, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(36)));
        Assert.Single(clock.Waits);
    }

    [Fact]
    public async Task WatchAsync_AStreamThatIsSilent_IsTakenUpAgain()
    {
        var clock = new HastyClock(TimeSpan.FromSeconds(50));
        var service = new Script().Then(new SilentContent()).Then(204, "");

        Assert.Empty(await StatusesAsync(service, clock));
        Assert.Contains(TimeSpan.FromSeconds(45), clock.Waits);
        Assert.Equal(2, service.Calls.Count);
    }

    [Fact]
    public async Task WatchAsync_AnsweredByAProxy_SaysThatItIsNotTheService()
    {
        var service = new Script().Then(200, Html);

        Assert.Contains("not an answer of the service", (await Assert.ThrowsAsync<HttpRequestException>(() => StatusesAsync(service))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("event: run\ndata: {\n\n")]
    [InlineData("event: run\ndata: {\"runId\":null}\n\n")]
    public async Task WatchAsync_AnEventOfAnotherVersion_IsToldAsSuch(string text)
    {
        var service = new Script().ThenEvents(text);

        Assert.Contains("not one of the service's", (await Assert.ThrowsAsync<HttpRequestException>(() => StatusesAsync(service))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WatchAsync_AnEventThatIsUnknown_IsPassedOver()
    {
        var service = new Script().ThenEvents("event: weather\ndata: fine\nid: 0\n\n" + Run("completed", "1"));

        Assert.Equal(["completed"], await StatusesAsync(service));
    }

    private static HastyClock Clock() => new(TimeSpan.FromSeconds(40));

    private static async Task<List<string?>> StatusesAsync(Script service, HastyClock? clock = null)
    {
        using var client = service.Client(options => (options.Time, options.Timeout) = (clock ?? Clock(), TimeSpan.FromHours(1)));
        var told = new List<string?>();
        await foreach (var change in client.Runs.WatchAsync("acme", "r1"))
            told.Add(change.Run?.Status);
        return told;
    }

    private static string Run(string status, string id) => $$$"""
        event: run
        id: {{{id}}}
        data: {"runId":"r1","tenantId":"acme","name":"n","status":"{{{status}}}","priority":"normal","createdAt":"2026-01-01T00:00:00Z","startedAt":null,"finishedAt":null,"failure":null,"metadata":null,"tasks":null,"links":{"self":"","timeline":"","cancel":"","explain":"","events":""}}


        """;
}
