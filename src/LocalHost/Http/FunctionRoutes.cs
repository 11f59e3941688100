using Headgate.Core.Validation;
using Headgate.Functions.Wire;
using Headgate.LocalHost.Discovery;
using Headgate.LocalHost.Invocation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Headgate.LocalHost.Http;

/// <summary>
/// Makes an ASP.NET Core endpoint of each HTTP function. A function whose route takes every path gets none: as an endpoint it would answer
/// a wrong method, for which routing has a 405, with its 404.
/// </summary>
internal static class FunctionRoutes
{
    /// <summary>The end of a route that takes only the root: the Functions host knows no empty route, so it is an optional parameter of no characters.</summary>
    private const string RootAlone = ":maxlength(0)?}";

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
            var template = http.Route.EndsWith(RootAlone, StringComparison.Ordinal) ? "" : http.Route;
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
