using System.Net;
using System.Net.Sockets;
using Headgate.Agent.Connection;
using Headgate.Contracts.Agents;
using Xunit;

namespace Headgate.Agent.Tests.Connection;

public sealed class ServiceClientTests
{
    private const string Unknown = """{ "error": "Agent not found", "code": "agent-not-found", "requestId": "r" }""";

    public static TheoryData<Exception> Losses => new(
        new HttpRequestException("gone"), new IOException("gone"), new HttpRequestException("An error occurred.", new IOException("gone")), new SocketException(107, "gone"));

    [Theory]
    [MemberData(nameof(Losses))]
    public async Task Claim_ConnectionLost_IsAnAnswer(Exception loss)
    {
        using var client = new ServiceClient(new Broken(loss), new Uri("http://127.0.0.1:1"), "key", TimeSpan.FromSeconds(1), TimeProvider.System);

        var answer = await client.ClaimAsync("agent", new ClaimRequest(1, 0), CancellationToken.None);

        Assert.Equal(new Answer<ClaimAnswer>.Unreachable("gone"), answer);
    }

    [Theory]
    [InlineData(404, "<html>default backend - 404</html>")]
    [InlineData(401, "")]
    [InlineData(403, """{ "message": "Forbidden" }""")]
    [InlineData(404, """{ "code": "agent-not-found", "error": "Agent not found" }""")]
    [InlineData(404, """{ "code": 404, "error": "x", "requestId": "y" }""")]
    [InlineData(404, "null")]
    [InlineData(302, "<html>maintenance</html>")]
    [InlineData(302, Unknown)]
    [InlineData(304, "")]
    [InlineData(400, "Bad Request")]
    [InlineData(413, "<html>413 Request Entity Too Large</html>")]
    [InlineData(451, "")]
    [InlineData(502, "")]
    public async Task Call_AnsweredByAnother_IsAnOutage(int status, string body)
    {
        var answer = await BeatAsync(new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body) });

        var refused = Assert.IsType<Answer<HeartbeatAnswer>.Refused>(answer);
        Assert.Equal((true, false), (refused.IsPassing, refused.IsUnauthorised));
    }

    [Theory]
    [InlineData(404, "agent-not-found", true)]
    [InlineData(401, "unauthenticated", true)]
    [InlineData(403, "insufficient-permission", true)]
    [InlineData(404, "not-found", false)]
    [InlineData(400, "invalid-request", false)]
    public async Task Call_RefusedByTheService_IsFinal(int status, string code, bool unauthorised)
    {
        var answer = await BeatAsync(new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent($$"""{ "error": "No", "code": "{{code}}", "requestId": "r" }""") });

        var refused = Assert.IsType<Answer<HeartbeatAnswer>.Refused>(answer);
        Assert.Equal((false, unauthorised), (refused.IsPassing, refused.IsUnauthorised));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>welcome</html>")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{ "status": "ok" }""")]
    public async Task Call_SuccessOfAnother_IsNoAnswer(string body) =>
        Assert.IsType<Answer<HeartbeatAnswer>.Unreachable>(await BeatAsync(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body) }));

    [Theory]
    [InlineData("90", null, 90)]
    [InlineData("Tue, 01 Dec 2026 10:01:30 GMT", "Tue, 01 Dec 2026 10:00:00 GMT", 90)]
    [InlineData("Tuesday, 01-Dec-26 10:01:30 GMT", "Tue, 01 Dec 2026 10:00:00 GMT", 90)]
    [InlineData("Tue Dec  1 10:01:30 2026", "Tue, 01 Dec 2026 10:00:00 GMT", 90)]
    [InlineData("Thu, 01 Jan 1970 00:01:30 GMT", null, 90)]
    [InlineData("soon", null, null)]
    public async Task RetryAfter_SecondsOrDate_IsThePause(string header, string? date, int? seconds)
    {
        using var response = new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        response.Headers.TryAddWithoutValidation("Retry-After", header);
        if (date is not null)
            response.Headers.TryAddWithoutValidation("Date", date);

        var refused = Assert.IsType<Answer<HeartbeatAnswer>.Refused>(await BeatAsync(response));

        Assert.Equal(seconds, refused.RetryAfter?.TotalSeconds);
    }

    private static async Task<Answer<HeartbeatAnswer>> BeatAsync(HttpResponseMessage response)
    {
        using var client = new ServiceClient(new Fixed(response), new Uri("http://127.0.0.1:1"), "key", TimeSpan.FromSeconds(10), new StoppedClock());
        return await client.HeartbeatAsync("agent", new HeartbeatRequest("1", "linux", 1, [], [], null, "session"), CancellationToken.None);
    }

    /// <summary>A machine that lives in 1970.</summary>
    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;
    }

    private sealed class Fixed(HttpResponseMessage response) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(response);
    }

    private sealed class Broken(Exception loss) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromException<HttpResponseMessage>(loss);
    }
}
