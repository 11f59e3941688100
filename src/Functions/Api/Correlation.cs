using System.Diagnostics;
using Headgate.Ports;
using Microsoft.AspNetCore.Http;

namespace Headgate.Functions.Api;

/// <summary>
/// Gives every request an id and every answer the headers <c>X-Request-Id</c> and <c>traceparent</c>. The id the caller sent
/// is kept where it is 1..128 visible ASCII characters; otherwise the trace id serves.
/// </summary>
public static class Correlation
{
    public const string RequestIdHeader = "X-Request-Id";
    public const string TraceHeader = "traceparent";

    private const int MaxRequestId = 128;

    /// <summary>Does nothing where it was done before. Afterwards <see cref="HttpContext.TraceIdentifier"/> is the request's id.</summary>
    public static void Assign(HttpContext http, IRandomSource random)
    {
        var headers = http.Response.Headers;
        if (headers.ContainsKey(RequestIdHeader))
            return;

        var (trace, traceId) = TraceOf(http, random);
        var given = http.Request.Headers[RequestIdHeader];
        http.TraceIdentifier = given.Count == 1 && IsUsable(given[0]) ? given[0]! : traceId;
        headers[RequestIdHeader] = http.TraceIdentifier;
        headers[TraceHeader] = trace;
    }

    // In Azure a function has an activity only where telemetry is collected; the caller's trace goes on without.
    private static (string Trace, string TraceId) TraceOf(HttpContext http, IRandomSource random)
    {
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } current } activity)
            return (current, activity.TraceId.ToHexString());

        Span<byte> bits = stackalloc byte[24];
        random.Fill(bits);
        var (traceId, flags) = ActivityContext.TryParse(http.Request.Headers.TraceParent, null, out var caller)
            ? (caller.TraceId.ToHexString(), caller.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) ? "01" : "00")
            : (Convert.ToHexStringLower(bits[..16]), "00");
        return ($"00-{traceId}-{Convert.ToHexStringLower(bits[16..])}-{flags}", traceId);
    }

    private static bool IsUsable(ReadOnlySpan<char> text) => text.Length is > 0 and <= MaxRequestId && !text.ContainsAnyExceptInRange('!', '~');
}
