using System.Text.Json;
using System.Text.RegularExpressions;

namespace Headgate.Infrastructure.Tests.Rules;

/// <summary>Checks JSON against the part of JSON Schema that is used here. A keyword it does not know is an error, never passed over.</summary>
internal sealed class JsonSchema(JsonElement root)
{
    private static readonly string[] Silent = ["$schema", "$defs", "title", "description"];

    /// <returns>What is wrong, by path; empty where nothing is.</returns>
    public IReadOnlyList<string> Check(JsonElement value) => [.. Check(root, value, "$")];

    private IEnumerable<string> Check(JsonElement schema, JsonElement value, string path) =>
        schema.EnumerateObject().Where(keyword => !Silent.Contains(keyword.Name)).SelectMany(keyword => Check(schema, keyword.Name, keyword.Value, value, path));

    private IEnumerable<string> Check(JsonElement schema, string keyword, JsonElement rule, JsonElement value, string path) => keyword switch
    {
        "$ref" => Check(Referenced(rule.GetString()!), value, path),
        "type" => Unless(Is(rule.GetString()!, value), path, $"is no {rule}"),
        "const" => Unless(JsonElement.DeepEquals(rule, value), path, $"is not {rule}"),
        "enum" => Unless(rule.EnumerateArray().Any(each => JsonElement.DeepEquals(each, value)), path, $"is none of {rule}"),
        "pattern" => Unless(value.ValueKind != JsonValueKind.String || Regex.IsMatch(value.GetString()!, rule.GetString()!, RegexOptions.None, TimeSpan.FromMinutes(5)), path, $"does not match {rule}"),
        "minLength" => Unless(value.ValueKind != JsonValueKind.String || value.GetString()!.Length >= rule.GetInt32(), path, "is too short"),
        "maxLength" => Unless(value.ValueKind != JsonValueKind.String || value.GetString()!.Length <= rule.GetInt32(), path, "is too long"),
        "minimum" => Unless(value.ValueKind != JsonValueKind.Number || value.GetDouble() >= rule.GetDouble(), path, $"is less than {rule}"),
        "minItems" => Unless(value.ValueKind != JsonValueKind.Array || value.GetArrayLength() >= rule.GetInt32(), path, "has too few items"),
        "items" => value.ValueKind != JsonValueKind.Array ? [] : value.EnumerateArray().SelectMany((item, i) => Check(rule, item, $"{path}[{i}]")),
        "required" => value.ValueKind != JsonValueKind.Object ? [] : rule.EnumerateArray().Where(name => !value.TryGetProperty(name.GetString()!, out _)).Select(name => $"{path} lacks '{name}'"),
        "properties" => value.ValueKind != JsonValueKind.Object ? [] : rule.EnumerateObject()
            .SelectMany(property => value.TryGetProperty(property.Name, out var member) ? Check(property.Value, member, $"{path}.{property.Name}") : []),
        "additionalProperties" => value.ValueKind != JsonValueKind.Object ? [] : Others(schema, value).SelectMany(member => rule.ValueKind == JsonValueKind.False
            ? [$"{path} has an unknown '{member.Name}'"]
            : Check(rule, member.Value, $"{path}.{member.Name}")),
        "oneOf" => Unless(rule.EnumerateArray().Count(each => !Check(each, value, path).Any()) == 1, path, "fits not exactly one of its shapes"),
        _ => throw new NotSupportedException($"The keyword '{keyword}' is not known here."),
    };

    private JsonElement Referenced(string reference) =>
        reference.TrimStart('#', '/').Split('/').Aggregate(root, (element, name) => element.GetProperty(name));

    private static IEnumerable<JsonProperty> Others(JsonElement schema, JsonElement value) =>
        value.EnumerateObject().Where(member => !schema.TryGetProperty("properties", out var known) || !known.TryGetProperty(member.Name, out _));

    private static bool Is(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        _ => throw new NotSupportedException($"The type '{type}' is not known here."),
    };

    private static IEnumerable<string> Unless(bool holds, string path, string problem) => holds ? [] : [$"{path} {problem}"];
}
