using Headgate.Functions.Api;
using Headgate.LocalHost.Invocation;
using Headgate.Ports;
using Microsoft.AspNetCore.Http;

namespace Headgate.LocalHost.Http;

/// <summary>
/// Around every request, whether or not a function answers it: normalises the path and holds the answer back until everything written so far is on
/// disk. The rest is <see cref="Edge"/>'s.
/// </summary>
internal sealed class HttpEdge(RequestDelegate next, Func<ValueTask> flushed, Edge edge)
{
    private readonly Func<object, Task> _flushed = http => FlushedAsync((HttpContext)http, flushed);

    public async Task InvokeAsync(HttpContext http)
    {
        using var trace = TraceStart.Begin("request", http.Request.Headers.TraceParent, http.Request.Headers.TraceState);
        http.Request.Path = RequestPath.Normalise(http.Request.Path);
        http.Response.OnStarting(_flushed, http);
        edge.Begin(http);
        try
        {
            await next(http);
        }
        catch (Exception failure)
        {
            // That the store failed rests on nothing that was written, and a log that has failed can't be waited for.
            if (failure is StoreUnavailableException)
                http.Features.Set(AnswerGate.Passed);
            edge.Answer(http, http.GetEndpoint()?.DisplayName, failure);
        }

        edge.End(http);
    }

    // The answer stands and cannot become another one; where it may not be given, none is: the process is ending.
    private static async Task FlushedAsync(HttpContext http, Func<ValueTask> flushed)
    {
        if (http.Features.Get<AnswerGate>() is not null)
            return;
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
}
