using Headgate.Core.Validation;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Headgate.Agent.Options;

/// <summary>Repositories by name, each a mapping of <c>url</c>, <c>passwordFile</c> and <c>env</c>.</summary>
internal static class YamlRepositories
{
    private static readonly IReadOnlyList<string> Known = ["url", "passwordFile", "env"];

    public static SettingValue? Value(Setting setting, YamlNode node, Problems problems)
    {
        if (node is not YamlMappingNode map)
            return YamlShape.Wrong(setting, "must be a mapping of names to { url, passwordFile, env }", problems);
        var repositories = new Dictionary<string, RepositoryValue>(StringComparer.Ordinal);
        foreach (var (name, child) in map.Children)
            repositories[YamlShape.Text(name)] = One($"{setting.Key}.{YamlShape.Text(name)}", child, problems);
        return new SettingValue(setting.Key, Repositories: repositories);
    }

    /// <summary>From a variable or a flag: the same mapping in one line.</summary>
    public static IReadOnlyDictionary<string, RepositoryValue> Parse(Setting setting, string path, string text, Problems problems)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            if (stream.Documents.Count == 0)
                return new Dictionary<string, RepositoryValue>();
            if (Value(setting, stream.Documents[0].RootNode, problems) is { Repositories: { } repositories })
                return repositories;
        }
        catch (YamlException)
        {
            problems.Add(path, "must be { name: { url: …, passwordFile: … } }");
        }

        return new Dictionary<string, RepositoryValue>();
    }

    private static RepositoryValue One(string path, YamlNode node, Problems problems)
    {
        var env = new Dictionary<string, string>(StringComparer.Ordinal);
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        if (node is not YamlMappingNode map)
        {
            problems.Add(path, "must be a mapping of url, passwordFile and env");
            return new RepositoryValue(null, null, env);
        }

        foreach (var (key, child) in map.Children)
        {
            var name = YamlShape.Text(key);
            if (!Known.Contains(name))
                problems.Add($"{path}.{name}", NearestName.Of(name, Known) is { } near ? $"is not a setting; did you mean {near}?" : "is not a setting");
            else if (name == "env" && child is YamlMappingNode variables)
                env = YamlShape.Map($"{path}.env", variables, problems);
            else if (name == "env" && !YamlShape.IsAbsent(child))
                problems.Add($"{path}.env", "must be a mapping of names to values");
            else if (child is YamlScalarNode { Value: { } value } && name != "env")
                texts[name] = value;
            else if (name != "env")
                problems.Add($"{path}.{name}", "must be a single value");
        }

        return new RepositoryValue(texts.GetValueOrDefault("url"), texts.GetValueOrDefault("passwordFile"), env);
    }
}
