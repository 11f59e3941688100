using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Headgate.Contracts;
using Polly.Timeout;

namespace Headgate.Client.Calls;

/// <summary>Sends calls and reads answers.</summary>
internal sealed class Wire(HttpClient http, TimeProvider time)
{
    public const string IdempotencyKey = "Idempotency-Key";

    // What another version leaves out or sends as null is told as such, and not met as a null later.
    private static readonly JsonSerializerOptions s_whole = new(ContractJson.Default.Options) { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    public const int LargestPage = 100;

    public TimeProvider Time => time;

    /// <summary>One that nobody else has: 128 random bits.</summary>
    public static string NewIdempotencyKey() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>Gives the call a key of its own, so that the service takes a second one for the first.</summary>
    public static void Once(HttpRequestMessage request)
    {
        request.Headers.TryAddWithoutValidation(IdempotencyKey, NewIdempotencyKey());
        request.Options.Set(Retries.MayRepeat, true);
    }

    /// <summary>Ids as a path has them: whatever they contain stays one segment.</summary>
    /// <exception cref="ArgumentException">An id is empty, <c>.</c> or <c>..</c>: no segment has that name, and the path would mean something else.</exception>
    public static string Path([StringSyntax("Uri")] FormattableString path) =>
        string.Format(null, path.Format, [.. path.GetArguments().Select(argument => Segment(argument?.ToString()))]);

    private static string Segment(string? id) => id is null or "" or "." or ".." ? throw new ArgumentException($"'{id}' is no id.", nameof(id)) : Uri.EscapeDataString(id);

    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        await ReadAsync(await SendAsync(new HttpRequestMessage(HttpMethod.Get, path), HttpCompletionOption.ResponseContentRead, cancellationToken), type, cancellationToken);

    /// <summary>All items of a list; each page is read when the one before has been gone through.</summary>
    /// <param name="pageSize">1..100.</param>
    public async IAsyncEnumerable<T> ListAsync<T>(string path, JsonTypeInfo<Page<T>> type, [EnumeratorCancellation] CancellationToken cancellationToken, int pageSize = LargestPage)
    {
        var join = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        string? after = null;
        do
        {
            var page = await GetAsync($"{path}{join}limit={pageSize}{(after is null ? "" : "&after=" + Uri.EscapeDataString(after))}", type, cancellationToken);
            foreach (var item in page.Items)
                yield return item;
            if (page.Next is not null && page.Next == after)
                throw new HttpRequestException($"{path}: the list comes back to where it was, and would have no end.");
            after = page.Next;
        }
        while (after is not null);
    }

    public async Task<T> SendAsync<TBody, T>(
        HttpMethod method, string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<T> type, CancellationToken cancellationToken, Action<HttpRequestMessage>? prepare = null)
    {
        var request = Request(method, path, JsonSerializer.SerializeToUtf8Bytes(body, bodyType));
        prepare?.Invoke(request);
        return await ReadAsync(await SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken), type, cancellationToken);
    }

    /// <summary>A call with a body that is JSON already.</summary>
    /// <param name="body">JSON; null for none.</param>
    public async Task<T> SendAsync<T>(
        HttpMethod method, string path, byte[]? body, JsonTypeInfo<T> type, CancellationToken cancellationToken, Action<HttpRequestMessage>? prepare = null)
    {
        var request = Request(method, path, body);
        prepare?.Invoke(request);
        return await ReadAsync(await SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken), type, cancellationToken);
    }

    /// <summary>For an answer that nobody reads.</summary>
    public async Task SendAsync(HttpMethod method, string path, byte[]? body, CancellationToken cancellationToken)
    {
        using var request = Request(method, path, body);
        try
        {
            using var response = await SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
        }
        catch (HeadgateException refusal) when (
            refusal.Status == HttpStatusCode.NotFound && method == HttpMethod.Delete && request.Options.TryGetValue(Retries.Tries, out var tries) && tries > 1)
        {
            // A try before this one, whose answer got lost, has removed it.
        }
    }

    /// <summary>The answer of a call that was not refused.</summary>
    /// <exception cref="HeadgateException">It was.</exception>
    /// <exception cref="HttpRequestException">There was no answer, or none of the service's.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, HttpCompletionOption completion, CancellationToken cancellationToken)
    {
        using var _ = request;
        var response = await AnswerAsync(request, completion, cancellationToken);
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw await RefusalAsync(response, cancellationToken);
    }

    /// <summary>Whatever the service answers.</summary>
    public async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, HttpCompletionOption completion, CancellationToken cancellationToken)
    {
        try
        {
            return await http.SendAsync(request, completion, cancellationToken);
        }
        catch (Exception late) when (late is TimeoutRejectedException or TaskCanceledException { InnerException: TimeoutException })
        {
            throw new HttpRequestException($"{Shown(request)}: no answer in time.", late);
        }
    }

    public static HttpRequestMessage Request(HttpMethod method, string path, byte[]? body)
    {
        var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        return request;
    }

    /// <summary>A run that was taken, whether it has a slot or waits for one.</summary>
    public async Task<Submission> SubmitAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
        var json = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        var isReplayed = response.Headers.TryGetValues("Idempotency-Replayed", out var replayed) && replayed.Contains("true", StringComparer.OrdinalIgnoreCase);
        try
        {
            var taken = Read(json, ContractJson.Default.RunAccepted) ?? throw NotOurs(response, null);
            // A replay that was asked for before is told without a place in line.
            var queued = taken.Status == "queued" ? JsonSerializer.Deserialize(json, ContractJson.Default.RunQueued) : null;
            return new(
                taken.RunId, taken.Status, queued is { Position: > 0 and var position } ? position : null, queued?.EstimatedStartAt, taken.InFlight, taken.Limit, taken.ShadowRefusal, isReplayed, taken.Links, taken.RequestId);
        }
        catch (JsonException failure)
        {
            throw NotOurs(response, failure);
        }
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using (response)
        {
            try
            {
                return Read(await response.Content.ReadAsByteArrayAsync(cancellationToken), type) ?? throw NotOurs(response, null);
            }
            catch (JsonException failure)
            {
                throw NotOurs(response, failure);
            }
        }
    }

    /// <summary>Reads what the service wrote, with everything that this version needs.</summary>
    /// <exception cref="JsonException">It is not JSON, or lacks something.</exception>
    public static T? Read<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type) => JsonSerializer.Deserialize(json, (JsonTypeInfo<T>)s_whole.GetTypeInfo(type.Type));

    private async Task<Exception> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var body = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsByteArrayAsync(cancellationToken), JsonElementType);
            if (body.ValueKind == JsonValueKind.Object && body.Deserialize(ContractJson.Default.ErrorBody) is { Code.Length: > 0, Error: not null } error)
                return new HeadgateException(response.StatusCode, error, body, Retries.AskedFor(response, time));
        }
        catch (JsonException)
        {
            // Somebody else's page.
        }

        return NotOurs(response, null);
    }

    public static JsonTypeInfo<JsonElement> JsonElementType { get; } = (JsonTypeInfo<JsonElement>)ContractJson.Default.GetTypeInfo(typeof(JsonElement))!;

    private static string? Shown(HttpRequestMessage? request) => request?.RequestUri is { IsAbsoluteUri: true } uri ? uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) : null;

    public static HttpRequestException NotOurs(HttpResponseMessage response, Exception? inner) => new(
        $"{Shown(response.RequestMessage)}: {(int)response.StatusCode} {response.ReasonPhrase}, and not an answer of the service. Is this its address?", inner, response.StatusCode);
}
