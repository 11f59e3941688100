using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Headgate.Functions.Wire;

/// <summary>A refusal on the wire: the service's own error body, or RFC 9457's for callers who ask for it.</summary>
internal sealed class RefusalReply(Refusal refusal) : Reply(refusal.Status)
{
    protected override void WriteBody(HttpContext http)
    {
        if (refusal is { Status: >= 500, Code: "tenant-paused" })
            http.Features.Set(IntendedRefusal.Mark);
        var headers = http.Response.Headers;
        foreach (var (name, value) in refusal.Headers)
            headers[name] = value;
        if (refusal.RetryAfter is { } seconds)
            headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        var whole = RefusalField.Complete(http, refusal);
        if (ProblemJson.IsAskedFor(http.Request))
            WriteJson(http.Response, (whole, http), static (state, writer) => ProblemJson.Write(writer, state.whole, state.http), ProblemJson.MediaType);
        else
            WriteJson(http.Response, (whole, http.TraceIdentifier), static (state, writer) => Write(writer, state.whole, state.TraceIdentifier));
    }

    /// <summary>Everything but the braces.</summary>
    /// <param name="rename">Gives a field another name; null: none.</param>
    internal static void WriteFields(Utf8JsonWriter writer, Refusal refusal, string requestId, Func<string, string>? rename = null)
    {
        writer.WriteString("error"u8, refusal.Error);
        writer.WriteString("code"u8, refusal.Code);
        foreach (var (name, value) in refusal.Fields)
            WriteField(writer, rename?.Invoke(name) ?? name, value);
        if (refusal is { RetryAfter: { } seconds, RetryAfterInBody: true })
            writer.WriteNumber("retryAfter"u8, seconds);
        if (refusal.Details is { } details)
        {
            writer.WriteStartArray("details"u8);
            foreach (var problem in details)
            {
                writer.WriteStartObject();
                writer.WriteString("path"u8, problem.Path);
                writer.WriteString("message"u8, problem.Message);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteString("requestId"u8, requestId);
    }

    private static void Write(Utf8JsonWriter writer, Refusal refusal, string requestId)
    {
        writer.WriteStartObject();
        WriteFields(writer, refusal, requestId);
        writer.WriteEndObject();
    }

    private static void WriteField(Utf8JsonWriter writer, string name, object? value)
    {
        switch (value)
        {
            case null: writer.WriteNull(name); break;
            case string text: writer.WriteString(name, text); break;
            case bool flag: writer.WriteBoolean(name, flag); break;
            case int number: writer.WriteNumber(name, number); break;
            case long number: writer.WriteNumber(name, number); break;
            case double number: writer.WriteNumber(name, number); break;
            default: throw new ArgumentException($"A refusal cannot carry a {value.GetType().Name}.", nameof(value));
        }
    }
}
