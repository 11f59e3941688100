using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Headgate.Infrastructure.Tests.Bicep.Evaluation;

/// <summary>The functions of the language that these files call.</summary>
internal sealed class BuiltInFunctions(Evaluator evaluator, BicepSources sources, IReadOnlyDictionary<string, string> environment, string file)
{
    public object? Call(string function, object?[] arguments) => (function, arguments) switch
    {
        ("bool", [string text]) => bool.Parse(text),
        ("string", [var value]) => Values.Text(value),
        ("empty", [var value]) => IsEmpty(value),
        ("contains", [List<object?> items, var wanted]) => items.Contains(wanted),
        ("filter", [List<object?> items, Closure test]) => items.Where(item => (bool)evaluator.Call(test, item)!).ToList(),
        ("map", [List<object?> items, Closure change]) => items.Select(item => evaluator.Call(change, item)).ToList(),
        ("items", [Dictionary<string, object?> properties]) => properties.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(Pair).ToList(),
        ("join", [List<object?> items, string between]) => string.Join(between, items.Select(Values.Text)),
        ("split", [string text, string at]) => text.Split(at).Cast<object?>().ToList(),
        ("split", [Unknown text, _]) => text,
        ("max", _) => arguments.Cast<long>().Max(),
        ("union", _) => Union(arguments),
        ("uniqueString", _) => $"u{Hash(arguments)[..12]}",
        ("guid", _) => $"guid-{Hash(arguments)}",
        ("cidrSubnet", [string network, long size, long index]) => $"{network}:{size}:{index}",
        ("subscriptionResourceId", [string type, string name]) => $"/{type}/{name}",
        ("environment" or "resourceGroup" or "subscription" or "tenant", []) => new Unknown(function),
        ("readEnvironmentVariable", [string name]) => environment[name],
        ("readEnvironmentVariable", [string name, string other]) => environment.GetValueOrDefault(name, other),
        ("loadTextContent", [string path]) => sources[BicepSources.Resolve(file, path)],
        ("loadJsonContent", [string path]) => Values.FromJson(JsonElement.Parse(sources[BicepSources.Resolve(file, path)])),
        _ => throw new InvalidOperationException($"'{function}' with these arguments is not known here."),
    };

    private static bool IsEmpty(object? value) => value switch
    {
        null or "" => true,
        List<object?> items => items.Count == 0,
        Dictionary<string, object?> properties => properties.Count == 0,
        _ => false,
    };

    private static object? Pair(KeyValuePair<string, object?> pair) =>
        new Dictionary<string, object?>(StringComparer.Ordinal) { ["key"] = pair.Key, ["value"] = pair.Value };

    private static Dictionary<string, object?> Union(object?[] parts)
    {
        var all = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in parts.SelectMany(part => (Dictionary<string, object?>)part!))
            all[name] = value;
        return all;
    }

    private static string Hash(object?[] arguments) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', arguments.Select(Values.Text)))))[..32];
}
