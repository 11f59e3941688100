using System.Text.Json;

namespace Headgate.Infrastructure.Tests.Rules;

/// <summary>Everything that a compiled template declares says what it is, and every parameter says what it may be. Templates of modules are looked at as well.</summary>
internal static class TemplateRules
{
    /// <param name="template">An ARM template.</param>
    /// <param name="name">How what is found names it.</param>
    public static IEnumerable<string> Problems(JsonElement template, string name = "main") =>
        Modules(template, name).SelectMany(each => Undescribed(each.Template, each.Name).Concat(Unbounded(each.Template, each.Name)));

    /// <summary>The template and those of its modules, by the names that the modules have in the Bicep files.</summary>
    public static IEnumerable<(string Name, JsonElement Template)> Modules(JsonElement template, string name = "main") =>
        Members(template, "resources")
            .Where(resource => resource.Value.GetProperty("type").GetString() == "Microsoft.Resources/deployments")
            .SelectMany(module => Modules(module.Value.GetProperty("properties").GetProperty("template"), module.Name))
            .Prepend((name, template));

    private static IEnumerable<string> Undescribed(JsonElement template, string name) =>
        Members(template, "parameters").Concat(Members(template, "outputs")).Select(member => (member.Name, member.Value))
            .Concat(Members(template, "definitions").SelectMany(type => Nested(type.Name, type.Value)))
            .Where(declared => string.IsNullOrWhiteSpace(Description(declared.Value)))
            .Select(declared => $"{name}: '{declared.Name}' has no description");

    private static IEnumerable<string> Unbounded(JsonElement template, string name) =>
        Members(template, "parameters").Where(parameter => !IsBounded(parameter.Value)).Select(parameter => $"{name}: '{parameter.Name}' has no bounds");

    private static bool IsBounded(JsonElement parameter) => (parameter.TryGetProperty("type", out var type) ? type.GetString() : null) switch
    {
        "string" or "securestring" or "array" => Has(parameter, "minLength") || Has(parameter, "maxLength") || Has(parameter, "allowedValues"),
        "int" => (Has(parameter, "minValue") && Has(parameter, "maxValue")) || Has(parameter, "allowedValues"),
        _ => true,
    };

    /// <summary>A type, its properties, and what its other properties are.</summary>
    private static IEnumerable<(string Name, JsonElement Value)> Nested(string name, JsonElement type) =>
        Members(type, "properties").SelectMany(property => Nested($"{name}.{property.Name}", property.Value))
            .Concat(type.TryGetProperty("additionalProperties", out var others) && others.ValueKind == JsonValueKind.Object ? Nested($"{name}.*", others) : [])
            .Prepend((name, type));

    private static string? Description(JsonElement declared) =>
        declared.TryGetProperty("metadata", out var metadata) && metadata.TryGetProperty("description", out var description) ? description.GetString() : null;

    private static bool Has(JsonElement declared, string member) => declared.TryGetProperty(member, out _);

    private static JsonElement.ObjectEnumerator Members(JsonElement of, string name) => of.TryGetProperty(name, out var members) ? members.EnumerateObject() : default;
}
