using System.Text.Json.Nodes;
using Headgate.Functions.Security;
using Headgate.Functions.Wire;

namespace Headgate.Functions.Api.Document;

/// <summary>
/// The OpenAPI 3.1 document, made from what the functions declare and from the contracts: it can't name a route that is not there, nor miss one.
/// </summary>
public static class ApiDocument
{
    private const string Description =
        "Admits runs of many tenants within exact limits, and gets them done by agents. Every answer carries X-Request-Id; every refusal a stable code.";

    public static JsonObject Of(IEnumerable<HttpFunction> functions, AccessCatalog access)
    {
        var calls = functions.Where(function => !function.AnswersTheRest).Select(function => new ApiCall(function, access.Find(function.Name)?.Rule)).ToList();
        var schemas = new ApiSchemas(calls.SelectMany(call => call.Takes ?? []));
        var refusals = new ApiRefusals();
        var paths = new JsonObject();
        foreach (var path in calls.OrderBy(call => call.Function.Path, StringComparer.Ordinal).GroupBy(call => call.Function.Path, StringComparer.Ordinal))
        {
            var operations = new JsonObject();
            if (ApiParameters.OfPath(path.Key) is { Count: > 0 } parameters)
                operations["parameters"] = parameters;
            foreach (var (call, verb) in path.SelectMany(call => call.Function.CalledBy.Select(verb => (call, verb))))
                operations[verb] = ApiOperation.Of(call, verb, schemas, refusals);
            paths[path.Key] = operations;
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "Headgate",
                ["version"] = typeof(ApiDocument).Assembly.GetName().Version!.ToString(3),
                ["summary"] = "The HTTP contract of Headgate",
                ["description"] = Description,
                ["license"] = new JsonObject { ["name"] = "MIT", ["identifier"] = "MIT" },
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["security"] = new JsonArray(new JsonObject { ["bearer"] = new JsonArray() }),
            ["tags"] = new JsonArray([.. calls.Select(call => call.Tag).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(Tag)]),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject
                {
                    ["bearer"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["description"] = "A key hg_<id>_<secret>, or a token of the configured issuer." },
                },
                ["headers"] = ApiHeaders.OfAnswers(),
                ["responses"] = refusals.Responses(),
                ["schemas"] = schemas.Finish(refusals.Schemas()),
            },
        };
    }

    private static JsonObject Tag(string name) => new() { ["name"] = name, ["description"] = $"Calls about {name.ToLowerInvariant()}." };
}
