using System.Diagnostics;
using Headgate.Worker.Tests.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Constraints;
using Yarp.ReverseProxy.Forwarder;

namespace Headgate.Worker.Tests.Host;

/// <summary>
/// What the Functions host does with a request: the first function by name whose route and methods fit is invoked, and the request is
/// forwarded to the worker's web server with the invocation's id beside it; functions read the route's values from the invocation. Where none
/// fits the answer is an empty 404.
/// </summary>
internal sealed class HttpFront(IHttpForwarder forwarder, IInlineConstraintResolver constraints, InvocationInputs inputs) : IDisposable
{
    public const string InvocationHeader = "x-ms-invocation-id";

    /// <summary>In answers, for tests: which function was invoked.</summary>
    public const string FunctionHeader = "X-Invoked-Function";

    private static readonly ForwarderRequestConfig s_forwarding = new() { ActivityTimeout = TimeSpan.FromSeconds(240) };
    private readonly HttpMessageInvoker _sender = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    public RouteCollection RoutesOf(LoadedWorker worker)
    {
        var routes = new RouteCollection();
        foreach (var function in worker.Functions.Where(function => function.IsHttp))
        {
            var wanted = new Dictionary<string, object>(StringComparer.Ordinal);
            if (function.Methods is { } methods)
                wanted["httpMethod"] = new HttpMethodRouteConstraint(methods);
            routes.Add(new Route(new RouteHandler(http => ForwardAsync(worker, function, http)), function.Name, function.Route, null, wanted, null, constraints));
        }

        return routes;
    }

    public static async Task AnswerAsync(IRouter routes, HttpContext http)
    {
        var context = new RouteContext(http);
        await routes.RouteAsync(context);
        if (context.Handler is { } handler)
        {
            http.Features.Set<IRoutingFeature>(new RoutingFeature { RouteData = context.RouteData });
            await handler(http);
        }
        else
            http.Response.StatusCode = StatusCodes.Status404NotFound;
    }

    public void Dispose() => _sender.Dispose();

    /// <summary>The host's own span, in the caller's trace where the caller has one.</summary>
    private static Activity StartSpan(HttpContext http)
    {
        var span = new Activity("invocation");
        if (ActivityContext.TryParse(http.Request.Headers.TraceParent, null, out var caller))
            span.SetParentId(caller.TraceId, caller.SpanId, caller.TraceFlags);
        return span.Start();
    }

    private async Task ForwardAsync(LoadedWorker worker, IndexedFunction function, HttpContext http)
    {
        using var span = StartSpan(http);
        var invocation = inputs.For(function, new TypedData { Http = new RpcHttp { Method = http.Request.Method, Url = $"{http.Request.Scheme}://{http.Request.Host}{http.Request.Path}" } });
        foreach (var (name, value) in http.GetRouteData().Values)
            invocation.TriggerMetadata[name] = new TypedData { String = $"{value}" };
        http.Request.Headers[InvocationHeader] = invocation.InvocationId;
        http.Response.Headers[FunctionHeader] = function.Name;
        var forwarding = forwarder.SendAsync(http, worker.HttpUri.ToString(), _sender, s_forwarding).AsTask();
        var answer = worker.InvokeAsync(invocation);
        await using var leaving = http.RequestAborted.Register(() => worker.Cancel(invocation.InvocationId));
        await forwarding;
        try
        {
            await answer;
        }
        catch (WorkerGoneException)
        {
            // The forwarding has failed too and has answered for it.
        }
    }
}
