using System.Globalization;
using System.Text.Json;
using Headgate.Core.Validation;

namespace Headgate.Functions.Options;

/// <summary>Reads the fields of one object of a rules file. A field that is wrong or missing is a problem and reads as null or zero.</summary>
internal sealed class RuleFields
{
    private readonly JsonElement _element;
    private readonly string _path;
    private readonly Problems _problems;
    private readonly List<string> _known = [];

    public RuleFields(JsonElement element, string path, Problems problems)
    {
        (_element, _path, _problems) = (element, path, problems);
        if (element.ValueKind != JsonValueKind.Object)
            problems.Add(path, "must be an object");
    }

    public void Problem(string name, string message) => _problems.Add(PathOf(name), message);

    public bool Has(string name) => _element.ValueKind == JsonValueKind.Object && _element.TryGetProperty(name, out _);

    public string? Text(string name, int max, bool required = true)
    {
        if (Find(name, required) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.String && value.GetString() is { } text && text.Length > 0 && text.Length <= max)
            return text;
        Problem(name, $"must be a text of 1 to {max} characters");
        return null;
    }

    public double Number(string name, string message, double least = 0)
    {
        if (Find(name, required: true) is not { } value)
            return 0;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= least && double.IsFinite(number))
            return number;
        Problem(name, message);
        return 0;
    }

    public string? OneOf(string name, string[] allowed)
    {
        if (Find(name, required: true) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.String && allowed.Contains(value.GetString(), StringComparer.Ordinal))
            return value.GetString();
        Problem(name, $"must be one of {string.Join(", ", allowed)}");
        return null;
    }

    public int OneOf(string name, int[] allowed)
    {
        if (Find(name, required: true) is not { } value)
            return 0;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && allowed.Contains(number))
            return number;
        Problem(name, $"must be one of {string.Join(", ", allowed.Select(each => each.ToString(CultureInfo.InvariantCulture)))}");
        return 0;
    }

    public RuleFields? Object(string name) => Find(name, required: true) is { } value ? new(value, PathOf(name), _problems) : null;

    public IReadOnlyList<JsonElement> List(string name, int max)
    {
        if (Find(name, required: true) is not { } value)
            return [];
        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() is > 0 and var count && count <= max)
            return [.. value.EnumerateArray()];
        Problem(name, $"must be a list of 1 to {max}");
        return [];
    }

    public IReadOnlyDictionary<string, string> Labels(string name)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Find(name, required: true) is not { } value)
            return labels;
        if (value.ValueKind != JsonValueKind.Object || value.EnumerateObject().Any(label => label.Value.ValueKind != JsonValueKind.String))
        {
            Problem(name, "must be an object of texts");
            return labels;
        }

        foreach (var label in value.EnumerateObject())
            labels[label.Name] = label.Value.GetString()!;
        return labels;
    }

    /// <summary>Flags every field that nobody asked for, with the known one it is nearest to.</summary>
    public void End()
    {
        if (_element.ValueKind != JsonValueKind.Object)
            return;
        foreach (var field in _element.EnumerateObject().Where(field => !_known.Contains(field.Name, StringComparer.Ordinal)))
            Problem(field.Name, NearestName.Of(field.Name, _known) is { } near ? $"is unknown; did you mean '{near}'?" : "is unknown");
    }

    private JsonElement? Find(string name, bool required)
    {
        _known.Add(name);
        if (_element.ValueKind != JsonValueKind.Object)
            return null;
        if (_element.TryGetProperty(name, out var value))
            return value;
        if (required)
            Problem(name, "is missing");
        return null;
    }

    private string PathOf(string name) => _path.Length == 0 ? name : $"{_path}.{name}";
}
