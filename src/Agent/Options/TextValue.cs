using Headgate.Core.Validation;

namespace Headgate.Agent.Options;

/// <summary>
/// Reads the text of an environment variable or a flag as its setting's kind: a list <c>a,b</c>, a map <c>name=value,…</c>, capabilities
/// <c>type,type:shared</c>, repositories in YAML as in the file. Problems go under the variable's or flag's own name.
/// </summary>
internal static class TextValue
{
    public static SettingValue Parse(Setting setting, string path, string text, Problems problems) => setting.Kind switch
    {
        SettingKind.List => new SettingValue(path, List: Items(text)),
        SettingKind.Map => new SettingValue(path, Map: Map(path, text, problems)),
        SettingKind.Capabilities => new SettingValue(path, Map: Capabilities(path, text, problems)),
        SettingKind.Repositories => new SettingValue(path, Repositories: YamlRepositories.Parse(setting, path, text, problems)),
        _ => new SettingValue(path, text),
    };

    private static string[] Items(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static Dictionary<string, string> Map(string path, string text, Problems problems)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in Items(text))
        {
            var equals = item.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                problems.Add(path, $"'{item}' is not name=value");
            else if (!map.TryAdd(item[..equals], item[(equals + 1)..]))
                problems.Add(path, $"'{item[..equals]}' is given twice");
        }

        return map;
    }

    private static Dictionary<string, string> Capabilities(string path, string text, Problems problems)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in Items(text))
        {
            var (type, mark) = item.Split(':', 2) is [var name, var rest] ? (name, rest) : (item, "");
            if (mark is not ("" or SettingValue.Shared))
                problems.Add(path, $"'{item}' must be a type, or type:shared");
            else if (!map.TryAdd(type, mark))
                problems.Add(path, $"'{type}' is given twice");
        }

        return map;
    }
}
