using Headgate.Core.Validation;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Headgate.Agent.Options;

/// <summary>Turns one node of the file into a setting's value, or says what shape it should have had.</summary>
internal static class YamlShape
{
    public static bool IsAbsent(YamlNode node) => node is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" };

    public static SettingValue? Value(Setting setting, YamlNode node, Problems problems) => setting.Kind switch
    {
        SettingKind.List when node is YamlSequenceNode list => new SettingValue(setting.Key, List: Texts(setting.Key, list, problems)),
        SettingKind.List => Wrong(setting, "must be a list", problems),
        SettingKind.Map when node is YamlMappingNode map => new SettingValue(setting.Key, Map: Map(setting.Key, map, problems)),
        SettingKind.Map => Wrong(setting, "must be a mapping of names to values", problems),
        SettingKind.Repositories => YamlRepositories.Value(setting, node, problems),
        SettingKind.Capabilities => Capabilities(setting, node, problems),
        _ when node is YamlScalarNode scalar => new SettingValue(setting.Key, scalar.Value ?? ""),
        _ => Wrong(setting, "must be a single value", problems),
    };

    private static SettingValue? Capabilities(Setting setting, YamlNode node, Problems problems)
    {
        switch (node)
        {
            case YamlSequenceNode list:
                return new SettingValue(setting.Key, Map: Texts(setting.Key, list, problems).Distinct(StringComparer.Ordinal).ToDictionary(t => t, _ => "", StringComparer.Ordinal));
            case YamlMappingNode map:
                var marks = new Dictionary<string, string>(StringComparer.Ordinal);
                foreach (var (name, child) in map.Children)
                    marks[Text(name)] = Mark($"{setting.Key}.{Text(name)}", child, problems);
                return new SettingValue(setting.Key, Map: marks);
            default:
                return Wrong(setting, "must be a list of types, or a mapping of types to { shared: true }", problems);
        }
    }

    private static string Mark(string path, YamlNode node, Problems problems)
    {
        if (IsAbsent(node) || node is YamlMappingNode { Children.Count: 0 })
            return "";
        if (node is YamlMappingNode { Children.Count: 1 } map && Text(map.Children[0].Key) == SettingValue.Shared
            && Text(map.Children[0].Value) is "true" or "false")
            return Text(map.Children[0].Value) == "true" ? SettingValue.Shared : "";
        problems.Add(path, "may only hold shared: true or shared: false");
        return "";
    }

    private static List<string> Texts(string path, YamlSequenceNode list, Problems problems)
    {
        var texts = new List<string>();
        for (var i = 0; i < list.Children.Count; i++)
        {
            if (list.Children[i] is YamlScalarNode { Value: { Length: > 0 } value })
                texts.Add(value);
            else
                problems.Add($"{path}[{i}]", "must be a text");
        }

        return texts;
    }

    public static Dictionary<string, string> Map(string path, YamlMappingNode map, Problems problems)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, child) in map.Children)
        {
            if (child is YamlScalarNode { Value: { } value })
                texts[Text(name)] = value;
            else
                problems.Add($"{path}.{Text(name)}", "must be a single value");
        }

        return texts;
    }

    public static string Text(YamlNode node) => (node as YamlScalarNode)?.Value ?? "";

    public static SettingValue? Wrong(Setting setting, string message, Problems problems)
    {
        problems.Add(setting.Key, message);
        return null;
    }
}
