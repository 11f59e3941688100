using System.Globalization;
using Headgate.Core.Validation;
using Microsoft.Extensions.Configuration;

namespace Headgate.Functions.Options;

/// <summary>Reads the settings of one section and gathers every problem. A setting that is wrong reads as its default.</summary>
/// <param name="section">The section; names are relative to it.</param>
/// <param name="problems">Where problems go, by full name.</param>
public sealed class SettingsReader(IConfigurationSection section, Problems problems)
{
    private readonly List<string> _known = [];

    public int Int(string name, int fallback, int min, int max)
    {
        if (Find(name) is not { } text)
            return fallback;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max)
            return value;
        Problem(name, $"must be a whole number between {min} and {max}, not '{text}'");
        return fallback;
    }

    public bool Bool(string name, bool fallback)
    {
        if (Find(name) is not { } text)
            return fallback;
        if (bool.TryParse(text, out var value))
            return value;
        Problem(name, $"must be true or false, not '{text}'");
        return fallback;
    }

    public string Text(string name, string fallback, int max)
    {
        if (Find(name) is not { } text)
            return fallback;
        if (text.Length > 0 && text.Length <= max)
            return text;
        Problem(name, $"must be 1..{max} characters, not {text.Length}");
        return fallback;
    }

    /// <summary>The names directly under a part of the section, which the app does not choose itself.</summary>
    public IReadOnlyList<string> Names(string part) => [.. section.GetSection(part).GetChildren().Select(child => child.Key)];

    public void Problem(string name, string message) => problems.Add($"{section.Path}:{name}", message);

    /// <summary>Flags every setting in the section that nobody asked for, with the known one it is nearest to.</summary>
    public void End()
    {
        foreach (var (name, value) in section.AsEnumerable(makePathsRelative: true).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (value is null || name.Length == 0 || _known.Contains(name, StringComparer.OrdinalIgnoreCase))
                continue;
            Problem(name, NearestName.Of(name, _known) is { } near ? $"is unknown; did you mean '{section.Path}:{near}'?" : "is unknown");
        }
    }

    private string? Find(string name)
    {
        _known.Add(name);
        return section[name];
    }
}
