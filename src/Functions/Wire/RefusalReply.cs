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

/// <summary>
/// A refusal as RFC 9457 has it: its members, and beside them every field of the service's own error body. There <c>status</c> is HTTP's
/// number, so a tenant's or a run's status goes under <c>state</c>.
/// </summary>
internal static class ProblemJson
{
    public const string MediaType = "application/problem+json";

    private const string Json = "application/json";
    private const string TypePrefix = "urn:headgate:";

    /// <summary>Whether the header <c>Accept</c> names it, and JSON no sooner.</summary>
    public static bool IsAskedFor(HttpRequest request)
    {
        var accept = request.Headers.Accept;
        if (accept.Count == 0 || !accept.ToString().Contains(MediaType, StringComparison.OrdinalIgnoreCase) || !MediaTypeHeaderValue.TryParseList(accept, out var ranges))
            return false;
        return Quality(ranges, MediaType) is > 0 and var wanted && wanted >= Quality(ranges, Json);
    }

    public static void Write(Utf8JsonWriter writer, Refusal refusal, HttpContext http)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, TypePrefix + refusal.Code);
        writer.WriteString("title"u8, refusal.Error);
        writer.WriteNumber("status"u8, refusal.Status);
        writer.WriteString("detail"u8, DetailOf(refusal));
        writer.WriteString("instance"u8, http.Request.Path.ToUriComponent());
        RefusalReply.WriteFields(writer, refusal, http.TraceIdentifier, static name => name == "status" ? "state" : name);
        writer.WriteEndObject();
    }

    private static string DetailOf(Refusal refusal) =>
        refusal.Fields.FirstOrDefault(field => field.Key is "message" or "reason").Value as string
        ?? (refusal.Details is { Count: > 0 } details ? string.Join("; ", details) : refusal.Error);

    private static double Quality(IList<MediaTypeHeaderValue> ranges, string type) =>
        ranges.Where(range => range.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase)).Select(range => range.Quality ?? 1).DefaultIfEmpty(0).Max();
}
