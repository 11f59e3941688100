using Headgate.Core.Validation;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Headgate.Agent.Options;

/// <summary>The configuration file, flattened to settings. A key without a value counts as absent.</summary>
internal static class YamlFile
{
    private static readonly IReadOnlyList<string> Sections = ["limits", "environment"];

    /// <param name="replaced">Settings that another source gives: not read.</param>
    public static IReadOnlyDictionary<Setting, SettingValue> Read(TextReader text, IReadOnlySet<Setting> replaced, Problems problems)
    {
        var values = new Dictionary<Setting, SettingValue>();
        try
        {
            var stream = new YamlStream();
            stream.Load(text);
            if (stream.Documents.Count > 1)
                problems.Add("", "the file holds more than one document");
            else if (stream.Documents.Count == 1)
                ReadKeys("", stream.Documents[0].RootNode, replaced, values, problems);
        }
        catch (YamlException e)
        {
            problems.Add("", $"not YAML at line {e.Start.Line}, column {e.Start.Column}: {e.InnerException?.Message ?? e.Message}");
        }

        return values;
    }

    private static void ReadKeys(string prefix, YamlNode node, IReadOnlySet<Setting> replaced, Dictionary<Setting, SettingValue> values, Problems problems)
    {
        if (YamlShape.IsAbsent(node))
            return;
        if (node is not YamlMappingNode mapping)
        {
            problems.Add(prefix.TrimEnd('.'), "must be a mapping of settings");
            return;
        }

        foreach (var (name, child) in mapping.Children)
        {
            var key = prefix + (name as YamlScalarNode)?.Value;
            if (Sections.Contains(key))
                ReadKeys(key + ".", child, replaced, values, problems);
            else if (Settings.All.FirstOrDefault(s => s.Key == key) is not { } setting)
                problems.Add(key, Unknown(key, prefix));
            else if (!replaced.Contains(setting) && !YamlShape.IsAbsent(child) && YamlShape.Value(setting, child, problems) is { } value)
                values[setting] = value;
        }
    }

    private static string Unknown(string key, string prefix)
    {
        var known = Settings.All.Select(s => s.Key).Concat(Sections).Where(k => k.StartsWith(prefix, StringComparison.Ordinal)).ToList();
        // A setting written outside its section is as common as a mistyped one.
        var near = NearestName.Of(key, known) ?? Settings.All.Select(s => s.Key).FirstOrDefault(k => k.EndsWith("." + key, StringComparison.OrdinalIgnoreCase));
        return near is null ? "is not a setting" : $"is not a setting; did you mean {near}?";
    }
}
