using System.Runtime.InteropServices;
using System.Text.Json;
using Headgate.Core.Validation;

namespace Headgate.Functions.Wire;

/// <summary>
/// Reads an object's fields and gathers every problem. Null counts as absent (<see cref="IsNull"/> tells them apart).
/// A field that is wrong reads as null, so callers go on and look at <see cref="Problems"/> at the end.
/// </summary>
public sealed class ObjectReader
{
    // As many as a task may have, the object that is read most.
    private const int UsualFields = 10;

    private readonly JsonElement _element;
    private readonly string _path;
    private readonly List<string> _known = new(UsualFields);
    private readonly bool _isObject;
    private int _found;

    public ObjectReader(JsonElement element, string path, Problems problems)
    {
        _element = element;
        _path = path;
        Problems = problems;
        _isObject = element.ValueKind == JsonValueKind.Object;
        if (!_isObject)
            problems.Add(path, "must be an object");
    }

    public Problems Problems { get; }

    /// <summary>The whole of the request's body. What is wrong with the rest of the request is among its problems already.</summary>
    public static ObjectReader Root(RequestBody body) => new(body.Root, "", body.Problems);

    /// <summary>The field's path as problems name it.</summary>
    public string PathOf(string name) => _path.Length == 0 ? name : $"{_path}.{name}";

    public void Problem(string name, string message) => Problems.Add(PathOf(name), message);

    /// <summary>Whether the field is there with the value null. Does not count as reading it.</summary>
    public bool IsNull(string name) => _isObject && _element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Null;

    /// <summary>Whether the field is there with any value but null. Does not count as reading it.</summary>
    public bool Has(string name) => _isObject && _element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>Whether there is anything in the object.</summary>
    public bool IsEmpty => !_isObject || _element.GetPropertyCount() == 0;

    public string? String(string name, TextRule rule, bool required = false)
    {
        if (Find(name, required) is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.String)
            return Wrong(name, "must be a string");
        var text = value.GetString()!;
        return rule.Allows(text) ? text : Wrong(name, rule.Message);
    }

    public int? Int(string name, int min, int max, bool required = false) => (int?)Long(name, min, max, required);

    public long? Long(string name, long min, long max, bool required = false)
    {
        if (Find(name, required) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= min && number <= max)
            return number;
        Wrong(name, max == long.MaxValue || max == int.MaxValue ? $"must be a whole number of at least {min}" : $"must be a whole number between {min} and {max}");
        return null;
    }

    public double? Number(string name, double min, double max, bool required = false)
    {
        if (Find(name, required) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= min && number <= max)
            return number;
        Wrong(name, max == double.MaxValue ? $"must be a number of at least {min}" : $"must be a number between {min} and {max}");
        return null;
    }

    public bool? Bool(string name, bool required = false)
    {
        if (Find(name, required) is not { } value)
            return null;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return value.GetBoolean();
        Wrong(name, "must be true or false");
        return null;
    }

    /// <summary>RFC 3339 with an offset, as <see cref="Rfc3339"/> reads it; given in UTC.</summary>
    public DateTimeOffset? Time(string name, bool required = false)
    {
        if (Find(name, required) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.String && Rfc3339.TryParse(value.GetString(), out var time))
            return time;
        Wrong(name, "must be a time such as 2026-01-31T12:00:00Z");
        return null;
    }

    /// <summary>A reader of the inner object, whose own <see cref="End"/> the caller calls.</summary>
    public ObjectReader? Object(string name, bool required = false) =>
        Find(name, required) is { } value ? new ObjectReader(value, PathOf(name), Problems) : null;

    /// <summary>Readers of an array's objects; no more than <paramref name="max"/> are given whatever is there.</summary>
    public IReadOnlyList<ObjectReader>? Objects(string name, int min, int max, bool required = false)
    {
        if (Items(name, min, max, required) is not { } array)
            return null;

        var readers = new List<ObjectReader>(Math.Min(array.GetArrayLength(), max));
        foreach (var item in array.EnumerateArray())
        {
            if (readers.Count == max)
                break;
            readers.Add(new ObjectReader(item, $"{PathOf(name)}[{readers.Count}]", Problems));
        }

        return readers;
    }

    /// <summary>An array's texts, those that keep the rule; no more than <paramref name="max"/> are looked at.</summary>
    public IReadOnlyList<string>? Strings(string name, int max, TextRule rule, bool required = false) =>
        Strings(name, 0, max, text => rule.Allows(text) ? null : rule.Message, required);

    /// <summary>Likewise, where each text has a problem of its own.</summary>
    /// <param name="judge">The problem as it reads after the path; null where there is none.</param>
    public IReadOnlyList<string>? Strings(string name, int min, int max, Func<string, string?> judge, bool required = false)
    {
        if (Items(name, min, max, required) is not { } array)
            return null;

        var texts = new List<string>(Math.Min(array.GetArrayLength(), max));
        var index = 0;
        foreach (var item in array.EnumerateArray())
        {
            if (index == max)
                break;
            var text = item.ValueKind == JsonValueKind.String ? item.GetString() : null;
            if ((text is null ? "must be a string" : judge(text)) is { } problem)
                Problem($"{name}[{index}]", problem);
            else
                texts.Add(text!);
            index++;
        }

        return texts;
    }

    /// <summary>An object of texts. No more than <paramref name="max"/> fields are looked at.</summary>
    public IReadOnlyDictionary<string, string>? StringMap(string name, int max, TextRule keys, TextRule values)
    {
        return Map(name, max, keys, Read);

        string? Read(string path, JsonElement value)
        {
            if (value.ValueKind == JsonValueKind.String && value.GetString() is { } text && values.Allows(text))
                return text;
            Problem(path, value.ValueKind == JsonValueKind.String ? values.Message : "must be a string");
            return null;
        }
    }

    /// <summary>An object of whole numbers. No more than <paramref name="max"/> fields are looked at.</summary>
    public IReadOnlyDictionary<string, int>? IntMap(string name, int max, TextRule keys, int least, int most)
    {
        return Map(name, max, keys, Read)?.ToDictionary(pair => pair.Key, pair => pair.Value!.Value, StringComparer.Ordinal);

        int? Read(string path, JsonElement value)
        {
            if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least && number <= most)
                return number;
            Problem(path, $"must be a whole number between {least} and {most}");
            return null;
        }
    }

    /// <summary>Any JSON, kept as sent.</summary>
    /// <param name="name">The field.</param>
    /// <param name="maxBytes">Of its UTF-8 text as sent, white space included.</param>
    /// <param name="kind">The only kind it may be; null for any.</param>
    public JsonElement? Raw(string name, int maxBytes, JsonValueKind? kind = null)
    {
        if (Find(name, required: false) is not { } value)
            return null;
        if (kind is not null && value.ValueKind != kind)
            Problem(name, kind == JsonValueKind.Object ? "must be an object" : $"must be of kind {kind}");
        else if (JsonMarshal.GetRawUtf8Value(value).Length > maxBytes)
            Problem(name, $"must be at most {maxBytes} bytes of JSON");
        else
            return value;
        return null;
    }

    private JsonElement? Items(string name, int min, int max, bool required)
    {
        if (Find(name, required) is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.Array)
        {
            Problem(name, "must be an array");
            return null;
        }

        var count = value.GetArrayLength();
        if (count < min || count > max)
            Problem(name, $"must have {min}..{max} items, not {count}");
        return value;
    }

    private Dictionary<string, T>? Map<T>(string name, int max, TextRule keys, Func<string, JsonElement, T?> read)
    {
        if (Find(name, required: false) is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.Object)
        {
            Problem(name, "must be an object");
            return null;
        }

        if (value.GetPropertyCount() > max)
            Problem(name, $"must have at most {max} fields, not {value.GetPropertyCount()}");
        var map = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var property in value.EnumerateObject().Take(max))
        {
            var path = $"{name}.{Shortened(property.Name)}";
            if (!keys.Allows(property.Name))
                Problem(path, $"is no good name: {keys.Message}");
            else if (read(path, property.Value) is { } item)
                map[property.Name] = item;
        }

        return map;
    }

    /// <summary>Flags every field that nobody asked for, with the known name it is nearest to.</summary>
    public void End()
    {
        if (!_isObject || _found == _element.GetPropertyCount())
            return;

        foreach (var property in _element.EnumerateObject())
        {
            if (_known.Contains(property.Name))
                continue;
            var suggestion = NearestName.Of(property.Name, _known) is { } near ? $"is unknown; did you mean '{near}'?" : "is unknown";
            Problem(Shortened(property.Name), suggestion);
        }
    }

    private JsonElement? Find(string name, bool required)
    {
        _known.Add(name);
        if (!_isObject)
            return null;
        if (_element.TryGetProperty(name, out var value))
        {
            _found++;
            if (value.ValueKind != JsonValueKind.Null)
                return value;
        }

        if (required)
            Problem(name, "is required");
        return null;
    }

    private string? Wrong(string name, string message)
    {
        Problem(name, message);
        return null;
    }

    private static string Shortened(string name) => name.Length <= NearestName.MaxLength ? name : string.Concat(name.AsSpan(0, NearestName.MaxLength), "…");
}
