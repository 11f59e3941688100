using System.Globalization;
using System.Text.Json;
using Headgate.Core.Validation;

namespace Headgate.LocalHost.Options;

/// <summary>One object of host.json. Reading it names every unknown setting and every value out of its range.</summary>
internal sealed class HostJsonSection
{
    private readonly string _path;
    private readonly Problems _problems;
    private readonly Dictionary<string, JsonElement> _values = new(StringComparer.Ordinal);

    /// <param name="element">Undefined where the section is absent.</param>
    /// <param name="known">Null: any name may stand here.</param>
    public HostJsonSection(JsonElement element, string path, Problems problems, string[]? known)
    {
        (_path, _problems) = (path, problems);
        if (element.ValueKind == JsonValueKind.Undefined)
            return;
        if (element.ValueKind != JsonValueKind.Object)
        {
            problems.Add(path, "must be an object");
            return;
        }

        foreach (var property in element.EnumerateObject())
        {
            _values[property.Name] = property.Value;
            if (known is not null && !known.Contains(property.Name, StringComparer.Ordinal))
                problems.Add($"{path}: {property.Name}", UnknownSetting.Message(property.Name, known));
        }
    }

    public HostJsonSection Section(string name, string[]? known) =>
        new(_values.GetValueOrDefault(name), $"{_path}: {name}", _problems, known);

    public string Text(string name, string fallback) =>
        Read(name, JsonValueKind.String, "must be text") is { } value ? value.GetString()! : fallback;

    public int Number(string name, int fallback, int min, int max)
    {
        var wanted = $"must be a whole number from {min} to {max}";
        if (Read(name, JsonValueKind.Number, wanted) is not { } value)
            return fallback;
        if (value.TryGetInt32(out var number) && number >= min && number <= max)
            return number;
        _problems.Add($"{_path}: {name}", wanted);
        return fallback;
    }

    public TimeSpan Duration(string name, TimeSpan fallback)
    {
        const string Wanted = "must be a duration such as 00:05:00";
        if (Read(name, JsonValueKind.String, Wanted) is not { } value)
            return fallback;
        if (TimeSpan.TryParse(value.GetString(), CultureInfo.InvariantCulture, out var duration) && duration >= TimeSpan.Zero)
            return duration;
        _problems.Add($"{_path}: {name}", Wanted);
        return fallback;
    }

    public Dictionary<string, string> Texts() =>
        _values.Keys.ToDictionary(name => name, name => Text(name, ""), StringComparer.Ordinal);

    private JsonElement? Read(string name, JsonValueKind kind, string wanted)
    {
        if (!_values.TryGetValue(name, out var value))
            return null;
        if (value.ValueKind == kind)
            return value;
        _problems.Add($"{_path}: {name}", wanted);
        return null;
    }
}
