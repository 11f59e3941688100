using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Headgate.Simulation.Wire;

/// <summary>One request and its answer, as the features a web server would give them.</summary>
internal sealed class Exchange : HttpResponseFeature, IDisposable
{
    private readonly MemoryStream _answer = new();
    private readonly StreamResponseBodyFeature _body;
    private readonly Stack<(Func<object, Task> Callback, object State)> _starting = new();
    private bool _started;

    public Exchange(string method, string path, byte[] body, CancellationToken aborted)
    {
        _body = new StreamResponseBodyFeature(_answer);
        var query = path.IndexOf('?', StringComparison.Ordinal);
        RequestHeaders.ContentLength = body.Length;
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(new HttpRequestFeature
        {
            Method = method,
            Protocol = "HTTP/1.1",
            Scheme = "http",
            Path = query < 0 ? path : path[..query],
            QueryString = query < 0 ? "" : path[query..],
            RawTarget = path,
            Headers = RequestHeaders,
            Body = new MemoryStream(body, writable: false),
        });
        features.Set<IHttpResponseFeature>(this);
        features.Set<IHttpResponseBodyFeature>(_body);
        features.Set<IHttpRequestLifetimeFeature>(new HttpRequestLifetimeFeature { RequestAborted = aborted });
        Features = features;
    }

    public FeatureCollection Features { get; }

    public IHeaderDictionary RequestHeaders { get; } = new HeaderDictionary();

    public override bool HasStarted => _started;

    public override void OnStarting(Func<object, Task> callback, object state) => _starting.Push((callback, state));

    public override void OnCompleted(Func<object, Task> callback, object state)
    {
    }

    /// <summary>What a server does at the end of a request: the callbacks that answers wait for, then the rest of the body.</summary>
    /// <returns>The body.</returns>
    public async Task<byte[]> FinishAsync()
    {
        while (_starting.TryPop(out var next))
            await next.Callback(next.State);
        _started = true;
        await _body.CompleteAsync();
        return _answer.ToArray();
    }

    public void Dispose() => _answer.Dispose();
}
