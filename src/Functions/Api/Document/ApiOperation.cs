using System.Globalization;
using System.Text.Json.Nodes;
using Headgate.Core.Access;
using Headgate.Functions.Security;
using Headgate.Functions.Wire;

namespace Headgate.Functions.Api.Document;

/// <summary>One method of one path.</summary>
internal static class ApiOperation
{
    private const string Json = "application/json";
    private const string Status = "status";

    public static JsonObject Of(ApiCall call, string verb, ApiSchemas schemas, ApiRefusals refusals)
    {
        var operation = new JsonObject
        {
            ["operationId"] = call.Function.Name,
            ["tags"] = new JsonArray(call.Tag),
            ["summary"] = call.Summary ?? call.Function.Name,
            ["description"] = Callers(call.Rule),
        };
        if (call.IsPublic)
            operation["security"] = new JsonArray();
        JsonObject[] parameters = [.. call.Query.Select(ApiParameters.OfQuery), .. call.RequestHeaders.Select(ApiHeaders.OfRequest)];
        if (parameters.Length > 0)
            operation["parameters"] = new JsonArray([.. parameters]);
        if (call.Takes is { } bodies)
            operation["requestBody"] = Body(bodies, schemas);
        operation["responses"] = Responses(call, schemas, refusals);
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

    private static JsonObject Body(IReadOnlyList<Type> bodies, ApiSchemas schemas) => new()
    {
        ["required"] = bodies.Count > 0 && bodies.All(ApiSchemas.HasRequired),
        ["content"] = new JsonObject
        {
            [Json] = new JsonObject
            {
                ["schema"] = bodies.Count == 0 ? new JsonObject { ["type"] = "object", ["additionalProperties"] = false } : AnyOf(bodies, schemas),
            },
        },
    };

    private static JsonObject Responses(ApiCall call, ApiSchemas schemas, ApiRefusals refusals)
    {
        var responses = new JsonObject();
        foreach (var answers in call.Answers.GroupBy(answer => answer.Status))
            responses[answers.Key.ToString(CultureInfo.InvariantCulture)] = Answer(call, [.. answers], schemas);
        if (call.Answers.Count == 0)
            responses["2XX"] = new JsonObject { ["description"] = "Done." };
        foreach (var (status, reference) in refusals.Of(call.RefusalCodes, call.RefusalField))
            responses[status.ToString(CultureInfo.InvariantCulture)] = reference;
        return responses;
    }

    private static JsonObject Answer(ApiCall call, AnswersAttribute[] answers, ApiSchemas schemas)
    {
        var status = answers[0].Status;
        var answer = new JsonObject
        {
            ["description"] = Meaning(status),
            ["headers"] = ApiHeaders.References([.. answers.SelectMany(each => each.Headers), .. call.IsPublic ? [] : ApiHeaders.Rate]),
        };
        if (status is 204 or 304)
            return answer;
        var content = new JsonObject();
        foreach (var media in answers.GroupBy(each => each.MediaType, StringComparer.Ordinal))
        {
            var bodies = media.Select(each => each.Body).OfType<Type>().ToList();
            content[media.Key] = new JsonObject { ["schema"] = media.Key == Json ? AnyOf(bodies, schemas) : TextOf(bodies, schemas) };
        }

        answer["content"] = content;
        return answer;
    }

    private static JsonObject AnyOf(IReadOnlyList<Type> types, ApiSchemas schemas)
    {
        if (types.Count == 1)
            return schemas.Reference(types[0]);
        var schema = new JsonObject { ["oneOf"] = new JsonArray([.. types.Select(schemas.Reference)]) };
        if (types.All(type => AnswerRules.All.ContainsKey((type, Status))))
            schema["discriminator"] = new JsonObject { ["propertyName"] = Status, ["mapping"] = Mapping(types, schemas) };
        return schema;
    }

    /// <summary>Which of them it is, by its status.</summary>
    private static JsonObject Mapping(IReadOnlyList<Type> types, ApiSchemas schemas)
    {
        var mapping = new JsonObject();
        foreach (var type in types)
        {
            foreach (var word in AnswerRules.All[(type, Status)]["enum"]!.AsArray())
                mapping[(string)word!] = schemas.Reference(type)["$ref"]!.DeepClone();
        }

        return mapping;
    }

    private static JsonObject TextOf(List<Type> bodies, ApiSchemas schemas)
    {
        var schema = new JsonObject { ["type"] = "string" };
        foreach (var body in bodies)
        {
            schemas.Reference(body);
            schema["description"] = $"Each line is a {ApiSchemas.NameOf(body)} in JSON.";
        }

        return schema;
    }

    private static string Meaning(int status) => status switch
    {
        200 => "Done.",
        201 => "Made.",
        202 => "Accepted; it goes on after the answer.",
        204 => "Done; there is nothing to say.",
        304 => "It is as the caller has it.",
        _ => "Answered.",
    };
}
