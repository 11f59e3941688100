using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Headgate.Simulation.Observed;
using Microsoft.AspNetCore.Http;

namespace Headgate.Simulation.Wire;

/// <summary>The service's HTTP contract, as one of its callers has it. All that is said goes into the transcript.</summary>
internal sealed class Api(InMemoryServer server, Transcript transcript, TimeProvider clock)
{
    private const int None = -1;
    private long _requests;

    /// <summary>How many requests were answered.</summary>
    public long Requests => _requests;

    public Task<Answer> GetAsync(string path, string key) => SendAsync("GET", path, key, []);

    public Task<Answer> PostAsync<T>(string path, string key, T body, JsonTypeInfo<T> type, string? idempotencyKey = null, CancellationToken aborted = default) =>
        SendAsync("POST", path, key, JsonSerializer.SerializeToUtf8Bytes(body, type), idempotencyKey, aborted);

    /// <param name="method">GET, POST and so on.</param>
    /// <param name="path">With its query.</param>
    /// <param name="key">The caller's.</param>
    /// <param name="body">JSON; may be empty.</param>
    /// <param name="idempotencyKey">Null for none.</param>
    /// <param name="aborted">Set when the caller's connection breaks.</param>
    /// <exception cref="OperationCanceledException">The connection broke before the answer was there.</exception>
    public async Task<Answer> SendAsync(
        string method, string path, string key, byte[] body, string? idempotencyKey = null, CancellationToken aborted = default)
    {
        aborted.ThrowIfCancellationRequested();
        using var exchange = new Exchange(method, path, body, aborted);
        exchange.RequestHeaders.Authorization = "Bearer " + key;
        exchange.RequestHeaders.ContentType = "application/json";
        // The service would make one from a trace id, which no seed can set.
        exchange.RequestHeaders["X-Request-Id"] = (++_requests).ToString(CultureInfo.InvariantCulture);
        if (idempotencyKey is not null)
            exchange.RequestHeaders["Idempotency-Key"] = idempotencyKey;
        var answer = await server.ServeAsync(exchange);
        aborted.ThrowIfCancellationRequested();
        transcript.Add(clock.GetUtcNow(), method, path, exchange.StatusCode, answer);
        return new(
            $"{method} {path}",
            exchange.StatusCode,
            answer,
            Number(exchange.Headers.RetryAfter.ToString()) is var seconds and not None ? seconds : null,
            exchange.Headers.ContainsKey("Idempotency-Replayed"));
    }

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : None;
}
