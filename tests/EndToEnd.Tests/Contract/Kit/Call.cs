using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Headgate.EndToEnd.Tests.Contract.Kit;

/// <summary>Calls that say exactly what goes over the wire.</summary>
internal static class Call
{
    public static Task<Reply> CallAsync(this HttpClient client, string method, string path, string? body = null, params (string Name, string Value)[] headers) =>
        client.CallAsync(method, path, body is null ? null : Encoding.UTF8.GetBytes(body), "application/json", headers);

    public static async Task<Reply> CallAsync(
        this HttpClient client, string method, string path, byte[]? body, string? contentType, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            if (contentType is not null)
                request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new Reply(response.StatusCode, ParseOrNull(text), response);
    }

    /// <summary>A response header's values as one line.</summary>
    public static string? Header(this Reply reply, string name) =>
        reply.Message.Headers.TryGetValues(name, out var values) || reply.Message.Content.Headers.TryGetValues(name, out values) ? string.Join(", ", values) : null;

    public static string[] Fields(this JsonNode? node) => [.. node!.AsObject().Select(field => field.Key)];

    public static DateTimeOffset Time(this JsonNode? node)
    {
        var text = (string)node!;
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", text);
        return DateTimeOffset.Parse(text);
    }

    private static JsonNode? ParseOrNull(string text)
    {
        try
        {
            return text.Length == 0 ? null : JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
