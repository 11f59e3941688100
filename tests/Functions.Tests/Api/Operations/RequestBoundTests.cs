using System.Text.Json.Nodes;
using Headgate.Functions.Tests.Support;
using Headgate.TestKit.Wire;
using Xunit;

namespace Headgate.Functions.Tests.Api.Operations;

/// <summary>What the document says of the fields of requests is what the calls hold them to.</summary>
[Collection("Service")]
public sealed class RequestBoundTests(Service service)
{
    private static readonly JsonObject s_document = ContractCheck.Document;

    [Fact]
    public async Task Bodies_WithAFieldBeyondItsBounds_AreRefusedByItsName()
    {
        var tenant = await service.NewTenantAsync("enterprise");
        var (agentId, agentKey) = await AgentAsync(tenant);
        var unnoticed = new List<string>();
        var tried = 0;
        foreach (var (verb, path, schema) in Bodies())
        {
            var concrete = path.Replace("{tenantId}", tenant, StringComparison.Ordinal).Replace("{agentId}", agentId, StringComparison.Ordinal).Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal);
            var key = path.EndsWith("/heartbeat", StringComparison.Ordinal) || path.EndsWith("/claim", StringComparison.Ordinal) || path.EndsWith("/task-results", StringComparison.Ordinal) ? agentKey : null;
            foreach (var (field, beyond) in schema["properties"]!.AsObject().SelectMany(property => Beyond(property.Value!.AsObject()).Select(value => (property.Key, value))))
            {
                var body = Required(schema, tenant);
                body[field] = beyond;
                tried++;
                var answer = await service.SendAsync(verb, concrete, body.ToJsonString(), key);
                if (answer.Status != 400 || !answer.Body.GetProperty("details").EnumerateArray().Any(detail => detail.GetProperty("path").GetString()!.StartsWith(field, StringComparison.Ordinal)))
                    unnoticed.Add($"{verb} {path} {field} {beyond?.ToJsonString()[..Math.Min(40, beyond.ToJsonString().Length)]}: {answer.Status} {answer.Text}");
            }
        }

        Assert.True(tried > 80, $"Only {tried} bodies were tried.");
        Assert.Empty(unnoticed);
    }

    private static IEnumerable<(string Verb, string Path, JsonObject Schema)> Bodies() =>
        from path in s_document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        where operation.Key is "post" or "put" or "patch"
        let schema = operation.Value!["requestBody"]!["content"]!["application/json"]!["schema"]
        from one in schema["oneOf"]?.AsArray() ?? [schema.DeepClone()]
        let resolved = new SchemaCheck(s_document).Resolve(one)!.AsObject()
        where resolved["properties"] is not null
        select (operation.Key.ToUpperInvariant(), path.Key, resolved);

    private static JsonObject Required(JsonObject schema, string tenant)
    {
        var body = new JsonObject();
        foreach (var name in schema["required"]?.AsArray().Select(name => (string)name!) ?? [])
            body[name] = name == "tenantId" ? tenant : schema["examples"]![0]![name]?.DeepClone();
        return body;
    }

    private static IEnumerable<JsonNode?> Beyond(JsonObject field)
    {
        if (field["minimum"] is { } least)
            yield return Number(least) - 1;
        if (field["maximum"] is { } most)
            yield return Number(most) + 1;
        if (field["minLength"] is not null)
            yield return "";
        if (field["maxLength"] is { } length && (int)length < 1000)
            yield return new string('a', (int)length + 1);
        if (field["pattern"] is not null)
            yield return "\u0001";
        if (field["enum"] is not null)
            yield return "what nobody knows";
        if (field["minItems"] is not null)
            yield return new JsonArray();
        if (field["maxItems"] is { } count)
            yield return new JsonArray([.. Enumerable.Range(0, (int)count + 1).Select(_ => (JsonNode)"a")]);
        if (field["maxProperties"] is { } fields)
            yield return new JsonObject(Enumerable.Range(0, (int)fields + 1).Select(at => KeyValuePair.Create<string, JsonNode?>($"a{at}", 1)));
        if (field["format"] is not null)
            yield return "yesterday";
    }

    private static double Number(JsonNode node) => double.Parse(node.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture);

    private async Task<(string Id, string Key)> AgentAsync(string tenant)
    {
        var answer = await service.SendAsync("POST", "/agents", $$"""{"tenantId":"{{tenant}}","name":"bounds","os":"linux","arch":"x64","version":"1"}""");
        return (answer.Body.GetProperty("agentId").GetString()!, answer.Body.GetProperty("key").GetString()!);
    }
}
