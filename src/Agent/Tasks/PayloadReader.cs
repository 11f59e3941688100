using System.Globalization;
using System.Text.Json;
using Headgate.Core.Validation;

namespace Headgate.Agent.Tasks;

/// <summary>Reads a payload field by field and gathers everything wrong with it; null counts as absent.</summary>
internal sealed class PayloadReader(JsonElement? payload, Problems problems)
{
    private readonly List<string> _known = [];

    public string? Text(string name, bool required = false)
    {
        if (Field(name, required) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.String)
            return value.GetString();
        problems.Add(name, "must be a text");
        return null;
    }

    public double? Number(string name, double min, double max)
    {
        if (Field(name, required: false) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= min && number <= max)
            return number;
        problems.Add(name, string.Create(CultureInfo.InvariantCulture, $"must be a number from {min} to {max}"));
        return null;
    }

    public IReadOnlyList<string> Texts(string name, bool required = false)
    {
        if (Field(name, required) is not { } value)
            return [];
        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(e => e.ValueKind != JsonValueKind.String))
            problems.Add(name, "must be a list of texts");
        else if (required && value.GetArrayLength() == 0)
            problems.Add(name, "must not be empty");
        else
            return [.. value.EnumerateArray().Select(e => e.GetString()!)];
        return [];
    }

    public IReadOnlyDictionary<string, string> Map(string name)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Field(name, required: false) is not { } value)
            return map;
        if (value.ValueKind != JsonValueKind.Object || value.EnumerateObject().Any(p => p.Value.ValueKind != JsonValueKind.String))
        {
            problems.Add(name, "must be an object of texts");
            return map;
        }

        foreach (var property in value.EnumerateObject())
            map[property.Name] = property.Value.GetString()!;
        return map;
    }

    /// <summary>Call last: flags fields that nothing asked for.</summary>
    public void End()
    {
        if (payload is not { ValueKind: JsonValueKind.Object } fields)
        {
            if (payload is { ValueKind: not JsonValueKind.Null })
                problems.Add("", "must be an object");
            return;
        }

        foreach (var name in fields.EnumerateObject().Select(p => p.Name).Where(n => !_known.Contains(n)))
            problems.Add(name, NearestName.Of(name, _known) is { } near ? $"is not a field; did you mean {near}?" : "is not a field");
    }

    private JsonElement? Field(string name, bool required)
    {
        _known.Add(name);
        if (payload is { ValueKind: JsonValueKind.Object } fields && fields.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null)
            return value;
        if (required)
            problems.Add(name, "is required");
        return null;
    }
}
