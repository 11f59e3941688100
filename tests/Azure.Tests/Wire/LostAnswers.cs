using Azure.Core.Pipeline;

namespace Headgate.Azure.Tests.Wire;

/// <summary>Passes requests to a real server and, once armed, loses the answer to the next request.</summary>
internal sealed class LostAnswers : DelegatingHandler
{
    private int _armed;

    public LostAnswers()
        : base(new SocketsHttpHandler())
    {
    }

    public HttpPipelineTransport Transport => new HttpClientTransport(this);

    /// <summary>Runs after the server has done its work, before the answer is lost.</summary>
    public Func<Task>? Meanwhile { get; set; }

    public void LoseNext() => Interlocked.Exchange(ref _armed, 1);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (Interlocked.Exchange(ref _armed, 0) == 0)
            return response;
        response.Dispose();
        if (Meanwhile is not null)
            await Meanwhile();
        throw new HttpRequestException("The answer was lost.", new IOException("reset"));
    }
}
