using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using Headgate.Core.Access;
using Headgate.Functions.Security;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Api;

/// <summary><c>GET /openapi.json</c></summary>
public static class ReadApiDocument
{
    private static readonly Lazy<byte[]> Document =
        new(() => Encoding.UTF8.GetBytes(ApiDocument.Of(HttpFunction.OfTheApp(), AccessCatalog.OfTheApp()).ToJsonString()));

    [Function("ReadApiDocument"), Public]
    public static IActionResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "openapi.json")] HttpRequest request) =>
        Reply.Bytes(200, Document.Value);
}

/// <summary>The OpenAPI 3.1 document, made from what the functions declare: it cannot name a route that is not there, nor miss one.</summary>
public static class ApiDocument
{
    public static JsonObject Of(IEnumerable<HttpFunction> functions, AccessCatalog access)
    {
        var paths = new JsonObject();
        foreach (var path in functions.Where(function => !function.AnswersTheRest).OrderBy(function => function.Path, StringComparer.Ordinal).GroupBy(function => function.Path, StringComparer.Ordinal))
        {
            var operations = new JsonObject();
            foreach (var (function, verb) in path.SelectMany(function => function.CalledBy.Select(verb => (function, verb))))
                operations[verb] = Operation(function, verb, access.Find(function.Name)?.Rule);
            if (Parameters(path.Key) is { Count: > 0 } parameters)
                operations["parameters"] = parameters;
            paths[path.Key] = operations;
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = "Headgate", ["version"] = typeof(ApiDocument).Assembly.GetName().Version!.ToString(3) },
            ["paths"] = paths,
            ["components"] = Components(),
            ["security"] = new JsonArray(new JsonObject { ["bearer"] = new JsonArray() }),
        };
    }

    private static JsonObject Operation(HttpFunction function, string verb, AccessRuleAttribute? rule)
    {
        var operation = new JsonObject
        {
            ["operationId"] = function.Name,
            ["description"] = Callers(rule),
            ["responses"] = new JsonObject
            {
                ["2XX"] = new JsonObject { ["description"] = "Done." },
                ["default"] = new JsonObject { ["$ref"] = "#/components/responses/Refusal" },
            },
        };
        if (function.Method.GetCustomAttribute<QueryAttribute>() is { } query)
            operation["parameters"] = new JsonArray([.. query.Names.Select(name => Parameter(name, "query"))]);
        if (verb is "post" or "put" or "patch")
            operation["requestBody"] = new JsonObject { ["content"] = Json(new JsonObject { ["type"] = "object" }) };
        if (rule is PublicAttribute)
            operation["security"] = new JsonArray();
        return operation;
    }

    private static string Callers(AccessRuleAttribute? rule) => rule switch
    {
        AccessAttribute access => $"For members who hold {access.Permission.WireName()}, and operators.",
        OperatorOnlyAttribute => "For operators.",
        AgentOnlyAttribute => "For the agent itself.",
        PublicAttribute => "For everybody.",
        _ => "For callers with credentials; what they may see decides.",
    };

    private static JsonArray Parameters(string path) =>
    [
        .. path.Split('/').Where(part => part.StartsWith('{')).Select(part => Parameter(part.Trim('{', '}'), "path")),
    ];

    private static JsonObject Parameter(string name, string place) => new()
    {
        ["name"] = name,
        ["in"] = place,
        ["required"] = place == "path",
        ["schema"] = new JsonObject { ["type"] = name == QueryAttribute.Limit ? "integer" : "string" },
    };

    private static JsonObject Components() => new()
    {
        ["securitySchemes"] = new JsonObject { ["bearer"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" } },
        ["responses"] = new JsonObject
        {
            ["Refusal"] = new JsonObject { ["description"] = "Refused; the code says why.", ["content"] = RefusalContent() },
        },
    };

    private static JsonObject RefusalContent()
    {
        var content = Json(JsonNode.Parse(RefusalSchema)!);
        content[ProblemJson.MediaType] = content["application/json"]!.DeepClone();
        return content;
    }

    private static JsonObject Json(JsonNode schema) => new() { ["application/json"] = new JsonObject { ["schema"] = schema } };

    private const string RefusalSchema = /*lang=json*/ """
        {
          "type": "object",
          "required": ["error", "code", "requestId"],
          "properties": {
            "error": { "type": "string" },
            "code": { "type": "string" },
            "retryAfter": { "type": "integer", "description": "Seconds; also in the header Retry-After." },
            "details": {
              "type": "array",
              "items": {
                "type": "object",
                "required": ["path", "message"],
                "properties": { "path": { "type": "string" }, "message": { "type": "string" } }
              }
            },
            "requestId": { "type": "string" }
          }
        }
        """;
}
