using Headgate.Core.Validation;
using Headgate.Functions.Wire;
using Headgate.LocalHost.Discovery;
using Headgate.LocalHost.Invocation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Headgate.LocalHost.Http;

/// <summary>
/// The endpoints of all HTTP functions but one that takes every path: what no route takes is answered here without a function, and told
/// from a route that takes other methods.
/// </summary>
internal static class FunctionRoutes
{
    /// <summary>How a route ends that takes the root alone.</summary>
    private const string NothingAtAll = ":maxlength(0)?}";

    /// <param name="routePrefix">host.json's; may be empty.</param>
    /// <param name="problems">Receives every route and method that two functions answer.</param>
    /// <param name="invoke">Makes what answers for a function.</param>
    public static EndpointDataSource Build(
        FunctionCatalog catalog, string routePrefix, Problems problems, Func<FunctionEntry, RequestDelegate> invoke)
    {
        var taken = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var endpoints = new List<Endpoint>();
        foreach (var entry in catalog.Functions)
        {
            if (entry.Trigger is not Trigger.Http http || http.Route.StartsWith(HttpFunction.CatchAll, StringComparison.Ordinal))
                continue;
            // As a parameter it would take part in the choice for every path of one segment, and make a 405 of a 404.
            var template = http.Route.EndsWith(NothingAtAll, StringComparison.Ordinal) ? "" : http.Route;
            var pattern = RoutePatternFactory.Parse('/' + $"{routePrefix.Trim('/')}/{template}".Trim('/'));
            foreach (var verb in http.Methods.DefaultIfEmpty("*"))
            {
                var route = $"{verb} /{Shape(pattern)}";
                if (!taken.TryAdd(route, entry.Name))
                    problems.Add(entry.Name, $"answers {route}, which {taken[route]} answers too");
            }

            endpoints.Add(Endpoint(entry, http, pattern, invoke(entry)));
        }

        return new DefaultEndpointDataSource(endpoints);
    }

    private static Endpoint Endpoint(FunctionEntry entry, Trigger.Http http, RoutePattern pattern, RequestDelegate invoke)
    {
        var builder = new RouteEndpointBuilder(invoke, pattern, order: 0) { DisplayName = entry.Name };
        builder.Metadata.Add(entry);
        if (http.Methods.Count > 0)
            builder.Metadata.Add(new HttpMethodMetadata(http.Methods));
        return builder.Build();
    }

    /// <summary>The template without the names of its parameters: routes of one shape match the same paths.</summary>
    private static string Shape(RoutePattern pattern) => string.Join('/', pattern.PathSegments.Select(segment =>
        string.Concat(segment.Parts.Select(part => part is RoutePatternLiteralPart literal ? literal.Content : "{}"))));
}
