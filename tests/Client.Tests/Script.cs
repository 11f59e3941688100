using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.Client.Tests;

internal sealed record Call(string Path, string? IdempotencyKey, string? LastEventId);

/// <summary>A service that answers as it is told, in order.</summary>
internal sealed class Script : HttpMessageHandler
{
    private readonly Queue<Func<HttpResponseMessage>> _answers = new();

    public List<Call> Calls { get; } = [];

    public Script Then(int status, string body, string? retryAfter = null, string? replayed = null)
    {
        _answers.Enqueue(() =>
        {
            var answer = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body) };
            if (retryAfter is not null)
                answer.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
            if (replayed is not null)
                answer.Headers.TryAddWithoutValidation("Idempotency-Replayed", replayed);
            return answer;
        });
        return this;
    }

    public Script Then(HttpContent content)
    {
        _answers.Enqueue(() => new HttpResponseMessage(HttpStatusCode.OK) { Content = content });
        return this;
    }

    /// <summary>A stream that ends there.</summary>
    public Script ThenEvents(string text)
    {
        var content = new StringContent(text);
        content.Headers.ContentType = new MediaTypeHeaderValue("text/event-stream");
        return Then(content);
    }

    public Script ThenBreak()
    {
        _answers.Enqueue(() => throw new HttpRequestException("the connection broke"));
        return this;
    }

    public HeadgateClient Client(Action<HeadgateClientOptions>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddHeadgateClient(options =>
        {
            (options.Service, options.Key) = (new Uri("http://127.0.0.1:1/base"), "hg_a_b");
            configure?.Invoke(options);
        }).ConfigurePrimaryHttpMessageHandler(() => this);
        return services.BuildServiceProvider().GetRequiredService<HeadgateClient>();
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Calls.Add(new(request.RequestUri!.PathAndQuery, Header(request, "Idempotency-Key"), Header(request, "Last-Event-ID")));
        var answer = _answers.Dequeue()();
        answer.RequestMessage = request;
        return Task.FromResult(answer);
    }

    private static string? Header(HttpRequestMessage request, string name) => request.Headers.TryGetValues(name, out var values) ? values.Single() : null;
}

/// <summary>An answer whose connection breaks before its first byte.</summary>
internal sealed class BrokenContent : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => throw new IOException("the connection broke");

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}

/// <summary>An answer that says nothing and doesn't end.</summary>
internal sealed class SilentContent : HttpContent
{
    public SilentContent() => Headers.ContentType = new MediaTypeHeaderValue("text/event-stream");

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);

    protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult<Stream>(new SilentStream());

    protected override Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) => CreateContentReadStreamAsync();

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    private sealed class SilentStream : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        }
    }
}

/// <summary>A clock on which nobody waits: timers up to a length go off at once, longer ones never. It keeps how long was to be waited.</summary>
internal sealed class HastyClock(TimeSpan longest) : TimeProvider
{
    private readonly List<TimeSpan> _waits = [];

    public IReadOnlyList<TimeSpan> Waits
    {
        get
        {
            lock (_waits)
                return [.. _waits];
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var isSoon = dueTime >= TimeSpan.Zero && dueTime <= longest;
        if (isSoon && dueTime > TimeSpan.Zero)
        {
            lock (_waits)
                _waits.Add(dueTime);
        }

        return System.CreateTimer(callback, state, isSoon ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
