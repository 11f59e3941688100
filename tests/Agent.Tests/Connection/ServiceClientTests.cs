using System.Net.Sockets;
using Headgate.Agent.Connection;
using Headgate.Contracts.Agents;
using Xunit;

namespace Headgate.Agent.Tests.Connection;

public sealed class ServiceClientTests
{
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

    private sealed class Broken(Exception loss) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromException<HttpResponseMessage>(loss);
    }
}
