using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Headgate.Functions.Wire;

/// <summary>
/// The body of a refusal for callers that accept <c>application/problem+json</c> (RFC 9457): the members of the RFC, then every field of the
/// service's own error body. The RFC's <c>status</c> is HTTP's number, so a field of that name, a tenant's or a run's status, becomes <c>state</c>.
/// </summary>
internal static class ProblemJson
{
    public const string MediaType = "application/problem+json";

    private const string Json = "application/json";
    private const string TypePrefix = "urn:headgate:";

    /// <summary>Whether the header <c>Accept</c> names it, with a quality of no less than plain JSON's.</summary>
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
