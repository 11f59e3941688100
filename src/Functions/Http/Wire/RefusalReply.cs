using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Headgate.Functions.Http.Wire;

/// <summary>A refusal on the wire.</summary>
internal sealed class RefusalReply(Refusal refusal) : Reply(refusal.Status)
{
    protected override void WriteBody(HttpContext http)
    {
        var headers = http.Response.Headers;
        foreach (var (name, value) in refusal.Headers)
            headers[name] = value;
        if (refusal.RetryAfter is { } seconds)
            headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        WriteJson(http.Response, (refusal, http.TraceIdentifier), static (state, writer) => Write(writer, state.refusal, state.TraceIdentifier));
    }

    private static void Write(Utf8JsonWriter writer, Refusal refusal, string requestId)
    {
        writer.WriteStartObject();
        writer.WriteString("error"u8, refusal.Error);
        writer.WriteString("code"u8, refusal.Code);
        foreach (var (name, value) in refusal.Fields)
            WriteField(writer, name, value);
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
