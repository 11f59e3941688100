using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Headgate.LocalHost.Http;

/// <summary>What happens after routing: the function, or an answer that says why there is none.</summary>
internal static class RoutedRequest
{
    public static Task InvokeAsync(HttpContext http)
    {
        var endpoint = http.GetEndpoint();
        if (endpoint is null)
        {
            Reply.Refused(Refusals.RouteNotFound).Write(http);
            return Task.CompletedTask;
        }

        return endpoint is RouteEndpoint ? endpoint.RequestDelegate!(http) : WrongMethod(http, endpoint);
    }

    /// <summary>Routing's own endpoint for a path that exists with other methods; it only sets status and Allow.</summary>
    private static async Task WrongMethod(HttpContext http, Endpoint endpoint)
    {
        await endpoint.RequestDelegate!(http);
        Reply.Refused(Refusals.MethodNotAllowed(http.Response.Headers.Allow.ToString())).Write(http);
    }
}
