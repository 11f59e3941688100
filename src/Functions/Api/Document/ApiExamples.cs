using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using Headgate.Contracts.Errors;

namespace Headgate.Functions.Api.Document;

/// <summary>Examples of contracts: the samples that the wire format is frozen by, found by the contract's name.</summary>
internal sealed class ApiExamples
{
    private const string Prefix = "examples/";
    private const string View = "View";
    private const string Item = "Item";

    private readonly HashSet<string> _files = [.. Assembly.GetExecutingAssembly().GetManifestResourceNames()];

    /// <summary>Null where there is none.</summary>
    public JsonNode? Find(Type type)
    {
        var file = $"{Prefix}{(type == typeof(ErrorBody) ? "error" : FileOf(type))}.json";
        if (!_files.Contains(file))
            return null;
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(file)!;
        return JsonNode.Parse(stream);
    }

    private static string FileOf(Type type)
    {
        if (!type.IsGenericType)
            return Words(Without(type.Name, View));
        var item = type.GetGenericArguments()[0].Name;
        if (item.EndsWith(Item, StringComparison.Ordinal))
            return "page-of-" + Words(Without(item, Item));
        var word = Words(Without(item, View));
        return "page-of-" + (word.EndsWith("cy", StringComparison.Ordinal) ? word[..^1] + "ies" : word + "s");
    }

    private static string Without(string name, string end) => name.EndsWith(end, StringComparison.Ordinal) ? name[..^end.Length] : name;

    private static string Words(string name)
    {
        var words = new StringBuilder();
        foreach (var letter in name)
            _ = char.IsAsciiLetterUpper(letter) && words.Length > 0 ? words.Append('-').Append(char.ToLowerInvariant(letter)) : words.Append(char.ToLowerInvariant(letter));
        return words.ToString();
    }
}
