using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using Headgate.Contracts;

namespace Headgate.Functions.Api.Document;

/// <summary>
/// A named schema for each contract that a call takes or answers with, and for those in them. What a caller sends may leave out whatever has a default, and
/// has no other fields; what is answered has every field but those that are left out where they are null.
/// </summary>
internal sealed class ApiSchemas
{
    private const string Schemas = "#/components/schemas/";

    private readonly SortedDictionary<string, JsonNode> _named = new(StringComparer.Ordinal);
    private readonly HashSet<Type> _known = [];
    private readonly Queue<Type> _open = new();
    private readonly ContractTexts _texts = ContractTexts.Read();
    private readonly ApiExamples _examples = new();
    private bool _isRequest;

    public ApiSchemas(IEnumerable<Type> requests)
    {
        _isRequest = true;
        foreach (var request in requests)
            Reference(request);
        Close();
        _isRequest = false;
    }

    /// <summary>The contract's own name; of a generic one followed by that of what it holds.</summary>
    public static string NameOf(Type type) => type.IsGenericType
        ? type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)] + string.Concat(type.GetGenericArguments().Select(NameOf))
        : type.Name;

    /// <summary>Whether a body must have a field, and so must be there.</summary>
    public static bool HasRequired(Type type) => type.GetProperties().Any(property => IsRequiredInRequests(type, property));

    public JsonObject Reference(Type type)
    {
        if (type == typeof(JsonObject))
            return new JsonObject { ["type"] = "object" };
        if (_known.Add(type))
            _open.Enqueue(type);
        return new JsonObject { ["$ref"] = Schemas + NameOf(type) };
    }

    /// <summary>All of them, and others beside them.</summary>
    public JsonObject Finish(IEnumerable<KeyValuePair<string, JsonObject>> others)
    {
        Close();
        foreach (var (name, schema) in others)
            _named.Add(name, schema);
        var all = new JsonObject();
        foreach (var (name, schema) in _named)
            all[name] = schema;
        return all;
    }

    private void Close()
    {
        while (_open.TryDequeue(out var type))
            _named.Add(NameOf(type), Schema(type));
    }

    private JsonObject Schema(Type type)
    {
        var exported = ContractJson.Default.GetTypeInfo(type)!.GetJsonSchemaAsNode(new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = (context, node) => context.Path.IsEmpty ? node : Field(type, context, node),
        });
        var schema = new JsonObject { ["type"] = "object" };
        if (_texts.OfType(type) is { } text)
            schema["description"] = text;
        string[] required = [.. type.GetProperties().Where(property => _isRequest ? IsRequiredInRequests(type, property) : IsAlwaysAnswered(property)).Select(WireName)];
        if (required.Length > 0)
            schema["required"] = new JsonArray([.. required.Select(name => JsonValue.Create(name))]);
        schema["properties"] = exported["properties"]?.DeepClone() ?? new JsonObject();
        if (_isRequest)
            schema["additionalProperties"] = false;
        if (_examples.Find(type) is { } example)
            schema["examples"] = new JsonArray(example);
        return schema;
    }

    private JsonNode Field(Type contract, JsonSchemaExporterContext context, JsonNode node)
    {
        var shape = Shape(context, node);
        if (context.PropertyInfo is not { } property || shape is not JsonObject schema || context.Path[^1] != property.Name)
            return shape;
        if ((RequestRules.All.GetValueOrDefault((contract, property.Name)) ?? AnswerRules.All.GetValueOrDefault((contract, property.Name))) is { } rule)
            FieldRule.Add(schema, rule);
        if (contract.GetProperties().FirstOrDefault(each => WireName(each) == property.Name) is { } declared && _texts.OfField(contract, declared.Name) is { } text)
            schema["description"] = text;
        return schema;
    }

    private JsonNode Shape(JsonSchemaExporterContext context, JsonNode node)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        var isNullable = type != context.TypeInfo.Type || (node as JsonObject)?["type"] is JsonArray || context.PropertyInfo is { IsGetNullable: true };
        if (type == typeof(JsonElement))
            return new JsonObject();
        if (type == typeof(DateTimeOffset))
            return new JsonObject { ["type"] = isNullable ? new JsonArray("string", "null") : "string", ["format"] = "date-time" };
        if (context.TypeInfo.Kind != System.Text.Json.Serialization.Metadata.JsonTypeInfoKind.Object)
            return node;
        var reference = Reference(type);
        return isNullable ? new JsonObject { ["anyOf"] = new JsonArray(reference, new JsonObject { ["type"] = "null" }) } : reference;
    }

    private static bool IsRequiredInRequests(Type type, PropertyInfo property) =>
        type.GetConstructors()[0].GetParameters().FirstOrDefault(parameter => parameter.Name == property.Name) is { HasDefaultValue: false } parameter
        && Nullable.GetUnderlyingType(parameter.ParameterType) is null
        && (parameter.ParameterType.IsValueType || new NullabilityInfoContext().Create(parameter).WriteState != NullabilityState.Nullable);

    private static bool IsAlwaysAnswered(PropertyInfo property) => property.GetCustomAttribute<JsonIgnoreAttribute>() is null;

    private static string WireName(PropertyInfo property) => JsonNamingPolicy.CamelCase.ConvertName(property.Name);
}
