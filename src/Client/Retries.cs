using System.Net;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.Timeout;

namespace Headgate.Client;

/// <summary>Which calls are tried again, and when.</summary>
internal static class Retries
{
    /// <summary>On a request: a second one does no harm.</summary>
    public static readonly HttpRequestOptionsKey<bool> MayRepeat = new("headgate.may-repeat");

    /// <summary>On a request: how long the service is asked to wait before it answers.</summary>
    public static readonly HttpRequestOptionsKey<TimeSpan> AsksToWait = new("headgate.asks-to-wait");

    public static void Configure(ResiliencePipelineBuilder<HttpResponseMessage> pipeline, HeadgateClientOptions options)
    {
        if (options.MaxRetries > 0)
            pipeline.AddRetry(Strategy(options));
        pipeline.AddTimeout(new TimeoutStrategyOptions
        {
            TimeoutGenerator = arguments => new ValueTask<TimeSpan>(
                options.Timeout + (arguments.Context.GetRequestMessage() is { } request && request.Options.TryGetValue(AsksToWait, out var wait) ? wait : TimeSpan.Zero)),
        });
    }

    private static HttpRetryStrategyOptions Strategy(HeadgateClientOptions options) => new()
    {
        MaxRetryAttempts = options.MaxRetries,
        BackoffType = DelayBackoffType.Exponential,
        Delay = TimeSpan.FromMilliseconds(200),
        MaxDelay = options.MaxRetryAfter,
        UseJitter = true,
        ShouldRetryAfterHeader = true,
        ShouldHandle = arguments => new ValueTask<bool>(arguments.Outcome switch
        {
            { Exception: HttpRequestException or TimeoutRejectedException } => Repeats(arguments.Context.GetRequestMessage()),
            { Result: { } response } => IsPassing(response, options),
            _ => false,
        }),
    };

    private static bool IsPassing(HttpResponseMessage response, HeadgateClientOptions options)
    {
        if (AskedFor(response, options.Time) is { } wait && wait > options.MaxRetryAfter)
            return false;

        // Who was one too many has done nothing. Of the others it isn't known: a store that was too slow may have written.
        return response.StatusCode is HttpStatusCode.TooManyRequests
            || (response.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout
                && Repeats(response.RequestMessage));
    }

    private static TimeSpan? AskedFor(HttpResponseMessage response, TimeProvider time) => response.Headers.RetryAfter is not { } asked
        ? null
        : asked.Delta ?? asked.Date - (response.Headers.Date ?? time.GetUtcNow());

    private static bool Repeats(HttpRequestMessage? request) =>
        request is not null && (request.Method != HttpMethod.Post || (request.Options.TryGetValue(MayRepeat, out var may) && may));
}
