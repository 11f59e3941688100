using System.Text.Json.Nodes;
using Headgate.Worker.Tests.Protocol;

namespace Headgate.Worker.Tests.Host;

/// <summary>A function as the worker reports it.</summary>
internal sealed class IndexedFunction(RpcFunctionMetadata reported)
{
    public RpcFunctionMetadata Reported { get; } = reported;

    public string Name => Reported.Name;

    public IReadOnlyList<JsonObject> Bindings { get; } = [.. reported.RawBindings.Select(raw => JsonNode.Parse(raw)!.AsObject())];

    public JsonObject Trigger => Bindings.Single(binding => TypeOf(binding).EndsWith("Trigger", StringComparison.OrdinalIgnoreCase));

    public bool IsHttp => IsTriggeredBy("httpTrigger");

    public bool IsTriggeredBy(string type) => TypeOf(Trigger).Equals(type, StringComparison.OrdinalIgnoreCase);

    /// <summary>The methods of an HTTP trigger; null where it takes all.</summary>
    public string[]? Methods => Trigger["methods"] is JsonArray { Count: > 0 } methods ? [.. methods.Select(method => (string)method!)] : null;

    /// <summary>The route of an HTTP trigger; the host takes the function's name for one that is not given or empty.</summary>
    public string Route => (string?)Trigger["route"] is { Length: > 0 } route ? route : Name;

    public static string TypeOf(JsonObject binding) => (string)binding["type"]!;

    public static string NameOf(JsonObject binding) => (string)binding["name"]!;
}
