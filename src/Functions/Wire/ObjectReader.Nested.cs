using System.Runtime.InteropServices;
using System.Text.Json;

namespace Headgate.Functions.Wire;

/// <content>Objects, arrays and maps inside the object.</content>
public sealed partial class ObjectReader
{
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
    public IReadOnlyList<string>? Strings(string name, int max, TextRule rule, bool required = false)
    {
        if (Items(name, 0, max, required) is not { } array)
            return null;

        var texts = new List<string>(Math.Min(array.GetArrayLength(), max));
        var index = 0;
        foreach (var item in array.EnumerateArray())
        {
            if (index == max)
                break;
            if (item.ValueKind == JsonValueKind.String && item.GetString() is { } text && rule.Allows(text))
                texts.Add(text);
            else
                Problem($"{name}[{index}]", item.ValueKind == JsonValueKind.String ? rule.Message : "must be a string");
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
}
