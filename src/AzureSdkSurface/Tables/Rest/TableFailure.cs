using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Azure.Core;

namespace Azure.Data.Tables;

/// <summary>Reads the server's error: <c>{"odata.error":{"code":"…","message":{"lang":"…","value":"…"}}}</c>.</summary>
internal sealed class TableFailure : RequestFailedDetailsParser
{
    private static readonly TableFailure s_parser = new();

    public static RequestFailedException Of(Response response) => new(response, null, s_parser);

    public static Response ThrowIfError(Response response) => response.IsError ? throw Of(response) : response;

    /// <summary>The server said that it went well, and then not what.</summary>
    public static RequestFailedException Unreadable(Response response, Exception cause) => new(
        response.Status, $"The answer of Table storage can't be read. Request id: {response.Headers.RequestId}.", "UnreadableAnswer", cause);

    public override bool TryParse(Response response, [NotNullWhen(true)] out ResponseError? error, out IDictionary<string, string>? data)
    {
        data = null;
        error = Error(response);
        return error is not null;
    }

    private static ResponseError? Error(Response response)
    {
        try
        {
            using var body = JsonDocument.Parse(response.Content);
            var problem = body.RootElement.GetProperty("odata.error");
            return new(problem.GetProperty("code").GetString(), problem.GetProperty("message").GetProperty("value").GetString());
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // Not every refusal comes from the tables: a gateway says what it likes, and sometimes nothing.
            return response.Headers.TryGetValue("x-ms-error-code", out var code) ? new(code, response.ReasonPhrase) : null;
        }
    }
}
