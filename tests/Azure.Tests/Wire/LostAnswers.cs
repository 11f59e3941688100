using Azure.Core.Pipeline;

namespace Headgate.Azure.Tests.Wire;

/// <summary>Lets requests through to a real server, and loses its answer to the first of those that are told off.</summary>
internal sealed class LostAnswers : DelegatingHandler
{
    private int _armed;

    public LostAnswers()
        : base(new SocketsHttpHandler())
    {
    }

    public HttpPipelineTransport Transport => new HttpClientTransport(this);

    /// <summary>Runs after the server has done its work, before the answer is lost; may be null.</summary>
    public Func<Task>? Meanwhile { get; set; }

    /// <summary>The next request's answer is lost.</summary>
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
