using System.Diagnostics;
using Headgate.Functions.Telemetry;
using Headgate.Functions.Wire;
using Headgate.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace Headgate.Functions.Api;

/// <summary>What stands around every HTTP call: ids for the request and its answer, and an answer for whatever is thrown.</summary>
public sealed class Edge(IRandomSource random, Indicators indicators, ILogger<Edge> logger)
{
    public const string RequestIdHeader = "X-Request-Id";
    public const string TraceHeader = "traceparent";

    private const string NoSniffing = "nosniff";

    private const int MaxRequestId = 128;

    /// <summary>
    /// Gives the answer the headers <c>X-Request-Id</c>, <c>traceparent</c> and the one that has a browser take it for nothing but what it says it is,
    /// and makes the first <see cref="HttpContext.TraceIdentifier"/>.
    /// The id the caller sent is kept if it is 1..128 visible ASCII characters; otherwise the trace id serves.
    /// </summary>
    public void Begin(HttpContext http)
    {
        var headers = http.Response.Headers;
        var (trace, traceId) = TraceOf(http);
        var given = http.Request.Headers[RequestIdHeader];
        http.TraceIdentifier = given.Count == 1 && IsUsable(given[0]) ? given[0]! : traceId;
        headers[RequestIdHeader] = http.TraceIdentifier;
        headers[TraceHeader] = trace;
        headers.XContentTypeOptions = NoSniffing;
    }

    /// <summary>Answers for a call that threw; ends the connection if an answer has begun.</summary>
    /// <param name="http">The call.</param>
    /// <param name="function">For the log; null if no function was called.</param>
    /// <param name="failure">What was thrown.</param>
    public void Answer(HttpContext http, string? function, Exception failure)
    {
        Refusal refusal;
        if (failure is StoreUnavailableException store)
        {
            logger.StoreUnavailable(failure, function, http.TraceIdentifier);
            refusal = Refusals.StoreUnavailable(store.RetryAfter);
        }
        else if (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to answer, and what was thrown is the broken connection's doing.
            return;
        }
        else
        {
            logger.FunctionFailed(failure, function, http.TraceIdentifier);
            refusal = Refusals.InternalError;
        }

        if (http.Response.HasStarted)
            http.Abort();
        else
            Reply.Refused(refusal).Write(http);
    }

    /// <summary>
    /// After each call, whoever answered it: a fault of the service counts against its availability. Only calls of users count, which are few beside probes and
    /// heartbeats; those whose caller has left do not.
    /// </summary>
    public void End(HttpContext http)
    {
        if (!http.RequestAborted.IsCancellationRequested && RoutineCalls.IsOfAUser(http.Request.Path.Value ?? ""))
            indicators.Note(Indicators.Availability, http.Response.StatusCode < 500 || http.Features.Get<IntendedRefusal>() is not null);
    }

    // In Azure a function has an activity only where telemetry is collected; the caller's trace goes on without.
    private (string Trace, string TraceId) TraceOf(HttpContext http)
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

/// <summary>The edge where the functions host is the web server; on one machine the web server is this process's own, and so is its edge.</summary>
public sealed class EdgeMiddleware(Edge edge) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is not { } http)
        {
            await next(context);
            return;
        }

        edge.Begin(http);
        try
        {
            await next(context);
        }
        catch (Exception failure)
        {
            edge.Answer(http, context.FunctionDefinition.Name, failure);
        }

        edge.End(http);
    }
}
