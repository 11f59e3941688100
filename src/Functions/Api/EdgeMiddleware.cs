using Headgate.Functions.Telemetry;
using Headgate.Functions.Wire;
using Headgate.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace Headgate.Functions.Api;

/// <summary>The outermost step around HTTP functions: correlation first, and whatever is thrown becomes an answer.</summary>
public sealed class EdgeMiddleware(IRandomSource random, ILogger<EdgeMiddleware> logger) : IFunctionsWorkerMiddleware
{
    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next) =>
        context.GetHttpContext() is { } http ? GuardAsync(context, http, next) : next(context);

    private async Task GuardAsync(FunctionContext context, HttpContext http, FunctionExecutionDelegate next)
    {
        Correlation.Assign(http, random);
        try
        {
            await next(context);
        }
        catch (StoreUnavailableException failure)
        {
            logger.StoreUnavailable(failure, context.FunctionDefinition.Name, http.TraceIdentifier);
            Answer(http, Refusals.StoreUnavailable(failure.RetryAfter));
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to answer, and what was thrown is the broken connection's doing.
        }
        catch (Exception failure)
        {
            logger.FunctionFailed(failure, context.FunctionDefinition.Name, http.TraceIdentifier);
            Answer(http, Refusals.InternalError);
        }
    }

    private static void Answer(HttpContext http, Refusal refusal)
    {
        if (!http.Response.HasStarted)
            Reply.Refused(refusal).Write(http);
    }
}
