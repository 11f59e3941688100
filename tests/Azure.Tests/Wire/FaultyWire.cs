using Azure.Core.Pipeline;

namespace Headgate.Azure.Tests.Wire;

/// <summary>
/// Randomly fails requests: before they reach the server, or after the server has done its work. It never invents an answer of the
/// server.
/// </summary>
internal sealed class FaultyWire(int seed, double share) : DelegatingHandler(new SocketsHttpHandler())
{
    private readonly Random _random = new(seed);

    public HttpPipelineTransport Transport => new HttpClientTransport(this);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var chance = Next();
        if (chance < share / 2)
            throw new HttpRequestException("The request was lost.", new IOException("reset"));
        var response = await base.SendAsync(request, cancellationToken);
        if (chance >= share)
            return response;
        response.Dispose();
        throw new HttpRequestException("The answer was lost.", new IOException("reset"));
    }

    private double Next()
    {
        lock (_random)
            return _random.NextDouble();
    }
}
