using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Headgate.Client;

/// <summary>Which calls are tried again, and when.</summary>
internal static class Retries
{
    /// <summary>On a request: a second one does no harm.</summary>
    public static readonly HttpRequestOptionsKey<bool> MayRepeat = new("headgate.may-repeat");

    /// <summary>On a request: its answer is wanted as it is now.</summary>
    public static readonly HttpRequestOptionsKey<bool> Never = new("headgate.never-repeat");

    /// <summary>On a request: how long the service is asked to wait before it answers.</summary>
    public static readonly HttpRequestOptionsKey<TimeSpan> AsksToWait = new("headgate.asks-to-wait");

    /// <summary>On a request: its answer has no end.</summary>
    public static readonly HttpRequestOptionsKey<bool> IsStream = new("headgate.is-stream");

    /// <summary>On a request: how often it was sent.</summary>
    public static readonly HttpRequestOptionsKey<int> Tries = new("headgate.tries");

    // Those who were refused together must not come back together.
    private const int LargestJitterPercent = 20;

    public static void Configure(ResiliencePipelineBuilder<HttpResponseMessage> pipeline, HeadgateClientOptions options)
    {
        pipeline.TimeProvider = options.Time;
        if (options.MaxRetries > 0)
            pipeline.AddRetry(Strategy(options));
        pipeline.AddTimeout(new TimeoutStrategyOptions
        {
            TimeoutGenerator = arguments => new ValueTask<TimeSpan>(
                options.Timeout + (arguments.Context.GetRequestMessage() is { } request && request.Options.TryGetValue(AsksToWait, out var wait) ? wait : TimeSpan.Zero)),
        });
    }

    /// <summary>What the header <c>Retry-After</c> asks for, in either of its forms; a date is taken by the service's own clock.</summary>
    public static TimeSpan? AskedFor(HttpResponseMessage response, TimeProvider time) => response.Headers.RetryAfter is not { } asked
        ? null
        : asked.Delta ?? asked.Date - (response.Headers.Date ?? time.GetUtcNow());

    private static RetryStrategyOptions<HttpResponseMessage> Strategy(HeadgateClientOptions options) => new()
    {
        MaxRetryAttempts = options.MaxRetries,
        BackoffType = DelayBackoffType.Exponential,
        Delay = TimeSpan.FromMilliseconds(200),
        MaxDelay = options.MaxRetryAfter,
        UseJitter = true,
        DelayGenerator = arguments => new ValueTask<TimeSpan?>(arguments.Outcome.Result is { } response && AskedFor(response, options.Time) is { } wait ? Jittered(wait) : (TimeSpan?)null),
        ShouldHandle = async arguments => arguments.Outcome switch
        {
            { Exception: HttpRequestException or TimeoutRejectedException } => Repeats(arguments.Context.GetRequestMessage()),
            { Result: { } response } => await IsPassingAsync(response, options),
            _ => false,
        },
    };

    private static TimeSpan Jittered(TimeSpan wait) =>
        wait <= TimeSpan.Zero ? TimeSpan.Zero : wait * (1 + (RandomNumberGenerator.GetInt32((LargestJitterPercent * 100) + 1) / 10_000.0));

    private static async ValueTask<bool> IsPassingAsync(HttpResponseMessage response, HeadgateClientOptions options)
    {
        if (response.IsSuccessStatusCode || (AskedFor(response, options.Time) is { } wait && wait > options.MaxRetryAfter))
            return false;

        // Who was one too many has done nothing. Of the others it isn't known: a store that was too slow may have written.
        return response.StatusCode switch
        {
            HttpStatusCode.TooManyRequests => !IsMarked(response.RequestMessage, Never) && await MayComeBackAsync(response, options),
            HttpStatusCode.RequestTimeout or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => Repeats(response.RequestMessage),
            _ => false,
        };
    }

    // Slots come free when runs end, which takes as long as runs take: whoever waits for one says so, and has waited if the call did.
    private static async ValueTask<bool> MayComeBackAsync(HttpResponseMessage response, HeadgateClientOptions options)
    {
        if (await CodeAsync(response) is not ("concurrency-limit" or "queue-full"))
            return true;
        return options.RetriesWhenFull && response.RequestMessage?.Options.TryGetValue(AsksToWait, out _) != true;
    }

    private static async ValueTask<string?> CodeAsync(HttpResponseMessage response)
    {
        try
        {
            using var body = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
            return body.RootElement.ValueKind == JsonValueKind.Object && body.RootElement.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.String
                ? code.GetString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // A change under a condition that may have been made fails the second time, by the very change.
    private static bool Repeats(HttpRequestMessage? request) =>
        request is not null && !IsMarked(request, Never) && (request.Method != HttpMethod.Post || IsMarked(request, MayRepeat)) && !request.Headers.Contains("If-Match");

    private static bool IsMarked(HttpRequestMessage? request, HttpRequestOptionsKey<bool> key) => request is not null && request.Options.TryGetValue(key, out var marked) && marked;
}
