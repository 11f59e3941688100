using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Headgate.TestKit.Wire;

/// <summary>
/// Holds JSON to the part of JSON Schema 2020-12 that the service's document uses, and more strictly than that asks for: a field that the schema does not
/// have is wrong unless the schema lets others be, and so is a keyword that is not known here.
/// </summary>
/// <param name="document">Where references lead.</param>
public sealed class SchemaCheck(JsonObject document)
{
    private static readonly string[] s_texts = ["description", "default", "examples", "discriminator"];

    /// <summary>What is wrong, each with its path; empty where all is well.</summary>
    public List<string> Problems(JsonNode? value, JsonNode? schema)
    {
        var problems = new List<string>();
        Check(value, schema, "$", problems);
        return problems;
    }

    /// <summary>What a reference leads to; anything else is itself.</summary>
    public JsonNode? Resolve(JsonNode? node)
    {
        while ((string?)(node as JsonObject)?["$ref"] is { } reference)
            node = reference.TrimStart('#', '/').Split('/').Aggregate((JsonNode?)document, (at, part) => at?[part]) ?? throw new InvalidOperationException($"{reference} leads nowhere.");
        return node;
    }

    private void Check(JsonNode? value, JsonNode? schema, string path, List<string> problems)
    {
        if (schema is not JsonObject rules)
        {
            if (schema is JsonValue flag && !(bool)flag)
                problems.Add($"{path}: nothing may be here");
            return;
        }

        foreach (var (keyword, rule) in rules)
        {
            switch (keyword)
            {
                case "$ref":
                    Check(value, Resolve(rules), path, problems);
                    break;
                case "anyOf" or "oneOf":
                    Choose(value, rule!.AsArray(), keyword == "oneOf", path, problems);
                    break;
                case "type" or "enum":
                    CheckKind(value, keyword, rule!, path, problems);
                    break;
                case "required" or "properties" or "additionalProperties" or "propertyNames" or "maxProperties":
                    if (value is JsonObject fields)
                        CheckObject(fields, rules, keyword, path, problems);
                    break;
                case "items" or "minItems" or "maxItems":
                    if (value is JsonArray items)
                        CheckArray(items, keyword, rule!, path, problems);
                    break;
                case "minimum" or "maximum" or "minLength" or "maxLength" or "pattern" or "format":
                    CheckScalar(value, keyword, rule!, path, problems);
                    break;
                default:
                    if (!s_texts.Contains(keyword))
                        problems.Add($"{path}: the keyword {keyword} is not known here");
                    break;
            }
        }
    }

    private void Choose(JsonNode? value, JsonArray choices, bool exactlyOne, string path, List<string> problems)
    {
        var found = choices.Select(choice => Problems(value, choice)).ToList();
        var fitting = found.Count(each => each.Count == 0);
        if (fitting == 0)
            problems.Add($"{path}: fits none of {choices.Count}: {string.Join(" | ", found.Select(each => each[0]))}");
        else if (fitting > 1 && exactlyOne)
            problems.Add($"{path}: fits {fitting} of {choices.Count}, not one");
    }

    private static void CheckKind(JsonNode? value, string keyword, JsonNode rule, string path, List<string> problems)
    {
        if (keyword == "enum")
        {
            if (!rule.AsArray().Any(word => JsonNode.DeepEquals(word, value)))
                problems.Add($"{path}: {value?.ToJsonString() ?? "null"} is none of {rule.ToJsonString()}");
            return;
        }

        string[] kinds = rule is JsonArray several ? [.. several.Select(kind => (string)kind!)] : [(string)rule!];
        if (!kinds.Any(kind => IsKind(value, kind)))
            problems.Add($"{path}: {value?.ToJsonString() ?? "null"} is no {string.Join(" or ", kinds)}");
    }

    private static bool IsKind(JsonNode? value, string kind) => kind switch
    {
        "null" => value is null,
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => value?.GetValueKind() == JsonValueKind.String,
        "boolean" => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        "number" => value?.GetValueKind() == JsonValueKind.Number,
        "integer" => value?.GetValueKind() == JsonValueKind.Number && decimal.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number == decimal.Truncate(number),
        _ => false,
    };

    private void CheckObject(JsonObject fields, JsonObject rules, string keyword, string path, List<string> problems)
    {
        switch (keyword)
        {
            case "required":
                foreach (var name in rules[keyword]!.AsArray().Select(name => (string)name!).Where(name => !fields.ContainsKey(name)))
                    problems.Add($"{path}.{name}: is missing");
                break;
            case "properties":
                foreach (var (name, value) in fields)
                {
                    if (rules[keyword]![name] is { } schema)
                        Check(value, schema, $"{path}.{name}", problems);
                    else if (!rules.ContainsKey("additionalProperties"))
                        problems.Add($"{path}.{name}: is not in the schema");
                }

                break;
            case "additionalProperties":
                foreach (var (name, value) in fields.Where(field => rules["properties"]?[field.Key] is null))
                    Check(value, rules[keyword], $"{path}.{name}", problems);
                break;
            case "propertyNames":
                foreach (var (name, _) in fields)
                    Check(JsonValue.Create(name), rules[keyword], $"{path}.{name} (its name)", problems);
                break;
            default:
                if (fields.Count > (int)rules[keyword]!)
                    problems.Add($"{path}: has {fields.Count} fields");
                break;
        }
    }

    private void CheckArray(JsonArray items, string keyword, JsonNode rule, string path, List<string> problems)
    {
        if (keyword == "items")
        {
            for (var i = 0; i < items.Count; i++)
                Check(items[i], rule, $"{path}[{i}]", problems);
        }
        else if (keyword == "minItems" ? items.Count < (int)rule : items.Count > (int)rule)
        {
            problems.Add($"{path}: has {items.Count} items");
        }
    }

    private static void CheckScalar(JsonNode? value, string keyword, JsonNode rule, string path, List<string> problems)
    {
        var isWrong = value?.GetValueKind() switch
        {
            JsonValueKind.String => Breaks((string)value!, keyword, rule),
            JsonValueKind.Number => keyword switch
            {
                "minimum" => Number(value) < Number(rule),
                "maximum" => Number(value) > Number(rule),
                _ => false,
            },
            _ => false,
        };
        if (isWrong)
            problems.Add($"{path}: {value!.ToJsonString()} breaks {keyword} {rule.ToJsonString()}");
    }

    private static double Number(JsonNode node) => double.Parse(node.ToJsonString(), CultureInfo.InvariantCulture);

    private static bool Breaks(string text, string keyword, JsonNode rule) => keyword switch
    {
        "minLength" => text.EnumerateRunes().Count() < (int)rule,
        "maxLength" => text.EnumerateRunes().Count() > (int)rule,
        "pattern" => !Regex.IsMatch(text, (string)rule!, RegexOptions.ECMAScript | RegexOptions.CultureInvariant),
        "format" => (string)rule! switch
        {
            "date-time" => !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
            "date" => !DateOnly.TryParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
            _ => true,
        },
        _ => false,
    };
}
