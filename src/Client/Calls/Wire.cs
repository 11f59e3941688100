using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Headgate.Contracts;

namespace Headgate.Client.Calls;

/// <summary>Sends calls and reads answers.</summary>
internal sealed class Wire(HttpClient http)
{
    public const string IdempotencyKey = "Idempotency-Key";

    /// <summary>Gives the call a key of its own, so that the service takes a second one for the first.</summary>
    public static void Once(HttpRequestMessage request)
    {
        request.Headers.TryAddWithoutValidation(IdempotencyKey, Guid.NewGuid().ToString("N"));
        request.Options.Set(Retries.MayRepeat, true);
    }

    /// <summary>Ids as a path has them: whatever they contain stays one segment.</summary>
    public static string Path([StringSyntax("Uri")] FormattableString path) =>
        string.Format(null, path.Format, [.. path.GetArguments().Select(argument => Uri.EscapeDataString(argument?.ToString() ?? ""))]);

    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        await ReadAsync(await SendAsync(new HttpRequestMessage(HttpMethod.Get, path), HttpCompletionOption.ResponseContentRead, cancellationToken), type, cancellationToken);

    /// <summary>All items of a list; each page is read when the one before has been gone through.</summary>
    public async IAsyncEnumerable<T> ListAsync<T>(string path, JsonTypeInfo<Page<T>> type, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var join = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        string? after = null;
        do
        {
            var page = await GetAsync($"{path}{join}limit=100{(after is null ? "" : "&after=" + Uri.EscapeDataString(after))}", type, cancellationToken);
            foreach (var item in page.Items)
                yield return item;
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
        using var response = await SendAsync(Request(method, path, body), HttpCompletionOption.ResponseContentRead, cancellationToken);
    }

    /// <summary>The answer of a call that was not refused.</summary>
    /// <exception cref="HeadgateException">It was.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, HttpCompletionOption completion, CancellationToken cancellationToken)
    {
        using var _ = request;
        var response = await http.SendAsync(request, completion, cancellationToken);
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw await RefusalAsync(response, cancellationToken);
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, byte[]? body)
    {
        var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        return request;
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using (response)
        {
            try
            {
                return JsonSerializer.Deserialize(await response.Content.ReadAsByteArrayAsync(cancellationToken), type) ?? throw NotOurs(response, null);
            }
            catch (JsonException failure)
            {
                throw NotOurs(response, failure);
            }
        }
    }

    private static async Task<Exception> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var body = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsByteArrayAsync(cancellationToken), JsonElementType);
            if (body.ValueKind == JsonValueKind.Object && body.Deserialize(ContractJson.Default.ErrorBody) is { Code.Length: > 0, Error: not null } error)
                return new HeadgateException(response.StatusCode, error, body);
        }
        catch (JsonException)
        {
            // Somebody else's page.
        }

        return NotOurs(response, null);
    }

    public static JsonTypeInfo<JsonElement> JsonElementType { get; } = (JsonTypeInfo<JsonElement>)ContractJson.Default.GetTypeInfo(typeof(JsonElement))!;

    private static HttpRequestException NotOurs(HttpResponseMessage response, Exception? inner) => new(
        $"{response.RequestMessage?.RequestUri}: {(int)response.StatusCode} {response.ReasonPhrase}, and not an answer of the service. Is this its address?", inner, response.StatusCode);
}
