using Headgate.Functions.Api;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Wire;
using Headgate.LocalHost.Invocation;
using Headgate.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Headgate.LocalHost.Http;

/// <summary>
/// Around every request, whether or not a function answers it: normalises the path, gives request and trace ids to the answer, turns what
/// is thrown outside of the functions into an answer, and holds the answer back until everything written so far is on disk.
/// </summary>
internal sealed partial class HttpEdge(RequestDelegate next, Func<ValueTask> flushed, IRandomSource random, ILogger<HttpEdge> logger)
{
    private readonly Func<object, Task> _flushed = http => HasWaited((HttpContext)http) ? Task.CompletedTask : FlushedAsync((HttpContext)http, flushed);

    public async Task InvokeAsync(HttpContext http)
    {
        using var trace = TraceStart.Begin("request", http.Request.Headers.TraceParent, http.Request.Headers.TraceState);
        try
        {
            Prepare(http);
            await next(http);
        }
        catch (Exception exception)
        {
            Answer(http, exception);
        }
    }

    // The answer stands and cannot become another one; where it may not be given, none is: the process is ending.
    private static async Task FlushedAsync(HttpContext http, Func<ValueTask> flushed)
    {
        try
        {
            await flushed();
        }
        catch (StoreUnavailableException)
        {
            http.Abort();
            throw;
        }
    }

    // An audit row is written when the answer's status is known, after the answer's own wait.
    private static bool HasWaited(HttpContext http) =>
        http.Features.Get<AnswerGate>() is not null && http.Features.Get<IItemsFeature>()?.Items.ContainsKey(OperatorAudit.WrittenLate) is not true;

    private void Prepare(HttpContext http)
    {
        http.Request.Path = RequestPath.Normalise(http.Request.Path);
        Correlation.Assign(http, random);
        http.Response.OnStarting(_flushed, http);
    }

    private void Answer(HttpContext http, Exception exception)
    {
        if (http.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or IOException)
            return;
        RequestFailed(exception, http.Request.Method, http.GetEndpoint()?.DisplayName, http.TraceIdentifier);
        // That the store failed rests on nothing that was written, and a log that has failed can't be waited for.
        if (exception is StoreUnavailableException)
        {
            http.Features.Set(AnswerGate.Passed);
            http.Items.Remove(OperatorAudit.WrittenLate);
        }

        if (http.Response.HasStarted)
            http.Abort();
        else
            Reply.Refused(exception is StoreUnavailableException store ? Refusals.StoreUnavailable(store.RetryAfter) : Refusals.InternalError).Write(http);
    }

    [LoggerMessage(1, LogLevel.Error, "{Method} {Function} failed; request {RequestId}")]
    private partial void RequestFailed(Exception exception, string method, string? function, string requestId);
}
