using System.Globalization;
using Headgate.Core.Validation;

namespace Headgate.Agent.Options;

/// <summary>Reads checked values of basic kinds out of merged settings.</summary>
/// <param name="folder">What relative paths are relative to.</param>
internal sealed class SettingReader(IReadOnlyDictionary<Setting, SettingValue> values, string folder, Problems problems)
{
    public SettingValue? Raw(Setting setting) => values.GetValueOrDefault(setting);

    public string? Text(Setting setting) => values.TryGetValue(setting, out var value) ? value.Text : null;

    public int Number(Setting setting, int min, int max, int fallback)
    {
        if (!values.TryGetValue(setting, out var value))
            return fallback;
        if (Parse(value.Text) is { } number && number >= min && number <= max)
            return (int)number;
        problems.Add(value.Path, $"must be a whole number from {min} to {max}, not '{value.Text}'");
        return fallback;
    }

    /// <summary>Null: no limit, because nothing is said or because <see cref="SettingValue.Unlimited"/> is.</summary>
    public int? Limit(Setting setting, int min, int max)
    {
        if (!values.TryGetValue(setting, out var value) || value.Text == SettingValue.Unlimited)
            return null;
        if (Parse(value.Text) is { } number && number >= min && number <= max)
            return (int)number;
        problems.Add(value.Path, $"must be a whole number from {min} to {max}, or {SettingValue.Unlimited}, not '{value.Text}'");
        return null;
    }

    /// <summary>The first of <paramref name="choices"/> where nothing is said.</summary>
    public string Choice(Setting setting, params IReadOnlyList<string> choices)
    {
        if (!values.TryGetValue(setting, out var value) || choices.Contains(value.Text))
            return value?.Text ?? choices[0];
        problems.Add(value.Path, $"must be one of: {string.Join(", ", choices)}; not '{value.Text}'");
        return choices[0];
    }

    public IReadOnlyDictionary<string, int> Numbers(Setting setting, int min, int max)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        if (!values.TryGetValue(setting, out var value))
            return numbers;
        foreach (var (name, text) in value.Map!)
        {
            if (Parse(text) is { } number && number >= min && number <= max)
                numbers[name] = (int)number;
            else
                problems.Add($"{value.Path}.{name}", $"must be a whole number from {min} to {max}, not '{text}'");
        }

        return numbers;
    }

    public IReadOnlyList<string> List(Setting setting) => values.TryGetValue(setting, out var value) ? value.List! : [];

    public IReadOnlyDictionary<string, string> Map(Setting setting) =>
        values.TryGetValue(setting, out var value) ? value.Map! : new Dictionary<string, string>();

    /// <summary>A path of the agent's own, made absolute.</summary>
    public string Path(Setting setting, string fallback)
    {
        var text = Text(setting);
        if (text?.Contains('\0', StringComparison.Ordinal) == true)
        {
            problems.Add(values[setting].Path, "must be a path, without NUL");
            text = null;
        }

        return System.IO.Path.GetFullPath(string.IsNullOrEmpty(text) ? fallback : text, folder);
    }

    /// <summary>A path that a setting holds among other things, made absolute as those of the agent's own are.</summary>
    public string Absolute(string path) => System.IO.Path.GetFullPath(path.Replace("\0", "", StringComparison.Ordinal), folder);

    private static long? Parse(string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
