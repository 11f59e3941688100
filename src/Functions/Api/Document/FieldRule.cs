using System.Text.Json.Nodes;
using Headgate.Functions.Wire;

namespace Headgate.Functions.Api.Document;

/// <summary>Makes JSON Schema of the rules that requests are checked by.</summary>
internal static class FieldRule
{
    public static JsonObject Plain() => new() { ["type"] = "string" };

    public static JsonObject Time() => new() { ["type"] = "string", ["format"] = "date-time" };

    public static JsonObject Text(TextRule rule)
    {
        var schema = Plain();
        if (rule.Length is var (min, max))
        {
            if (min > 0)
                schema["minLength"] = min;
            schema["maxLength"] = max;
        }

        if (rule.Pattern is { } pattern)
            schema["pattern"] = pattern;
        if (rule.Words is { } words)
            schema["enum"] = new JsonArray([.. words.Select(word => JsonValue.Create(word))]);
        return schema;
    }

    public static JsonObject Words(IEnumerable<string> words) => Text(TextRule.OneOf([.. words]));

    public static JsonObject Whole(long min, long? max = null) => max is null ? new() { ["minimum"] = min } : new() { ["minimum"] = min, ["maximum"] = max };

    public static JsonObject Number(double min, double? max = null) => max is null ? new() { ["minimum"] = min } : new() { ["minimum"] = min, ["maximum"] = max };

    public static JsonObject Items(int min, int max, JsonObject? each = null)
    {
        var schema = new JsonObject { ["maxItems"] = max };
        if (min > 0)
            schema["minItems"] = min;
        if (each is not null)
            schema["items"] = each;
        return schema;
    }

    /// <param name="names">What the names of fields must be.</param>
    /// <param name="values">What each value must be.</param>
    public static JsonObject Map(int max, TextRule names, JsonObject values) => new()
    {
        ["maxProperties"] = max,
        ["propertyNames"] = Text(names),
        ["additionalProperties"] = values,
    };

    public static JsonObject AnyObject() => new() { ["type"] = new JsonArray("object", "null"), ["additionalProperties"] = true };

    /// <summary>Adds a rule to what the type of a field says already.</summary>
    public static void Add(JsonObject schema, JsonObject rule)
    {
        foreach (var (name, value) in rule)
        {
            if (schema[name] is JsonObject inner && value is JsonObject more)
                Add(inner, more);
            else if (name != "type" || schema[name] is null)
                schema[name] = value?.DeepClone();
        }

        // Null stands for what is left out.
        if (schema["enum"] is JsonArray words && schema["type"] is JsonArray)
            words.Add(null);
    }
}
