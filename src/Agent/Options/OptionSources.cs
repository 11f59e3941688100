using System.Collections;
using Headgate.Core.Validation;

namespace Headgate.Agent.Options;

/// <summary>File, environment and flags, laid over each other in that order: a later one replaces a setting as a whole, and what it replaces is not judged.</summary>
/// <param name="ConfigFile">From <c>--config</c>; null: <c>HEADGATE_AGENT_CONFIG</c>, else no file.</param>
/// <param name="Flags">What the command line gave, by setting.</param>
internal sealed record OptionSources(string? ConfigFile, IReadOnlyDictionary<string, string> Environment, IReadOnlyDictionary<Setting, string> Flags)
{
    public const string ConfigVariable = Setting.VariablePrefix + "CONFIG";

    /// <summary>Read by <c>register</c> alone.</summary>
    public const string OperatorKeyVariable = Setting.VariablePrefix + "OPERATOR_KEY";

    private static readonly IReadOnlyList<string> OtherVariables = [ConfigVariable, AgentIdentity.KeyVariable, OperatorKeyVariable];

    public static IReadOnlyDictionary<string, string> ProcessEnvironment() =>
        System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal);

    /// <summary>Variables that look like settings and are links to a Kubernetes service: ignored.</summary>
    public IReadOnlyList<string> ServiceLinks => [.. Environment.Where(e => IsOurs(e.Key) && ServiceLink.Is(e.Key, e.Value)).Select(e => e.Key).Order(StringComparer.Ordinal)];

    public AgentOptions? Read(Problems problems)
    {
        var values = new Dictionary<Setting, SettingValue>();
        var file = ConfigFile ?? Environment.GetValueOrDefault(ConfigVariable);
        if (!string.IsNullOrEmpty(file))
            ReadFile(file, [.. Flags.Keys, .. Settings.All.Where(s => Environment.ContainsKey(s.Variable))], values, problems);
        ReadEnvironment(values, problems);
        foreach (var (setting, text) in Flags)
            values[setting] = TextValue.Parse(setting, setting.Flag, text, problems);

        var folder = string.IsNullOrEmpty(file) ? Directory.GetCurrentDirectory() : Path.GetDirectoryName(Path.GetFullPath(file))!;
        return OptionRules.Check(new SettingReader(values, folder, problems), problems);
    }

    private static void ReadFile(string file, HashSet<Setting> replaced, Dictionary<Setting, SettingValue> values, Problems problems)
    {
        try
        {
            using var reader = new StreamReader(file);
            foreach (var (setting, value) in YamlFile.Read(reader, replaced, problems))
                values[setting] = value;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add(file, $"can't be read: {e.Message}");
        }
    }

    private void ReadEnvironment(Dictionary<Setting, SettingValue> values, Problems problems)
    {
        foreach (var (name, text) in Environment.OrderBy(e => e.Key, StringComparer.Ordinal))
        {
            if (!IsOurs(name) || ServiceLink.Is(name, text))
                continue;
            if (Settings.All.FirstOrDefault(s => s.Variable == name) is { } setting)
            {
                if (!Flags.ContainsKey(setting))
                    values[setting] = TextValue.Parse(setting, name, text, problems);
            }
            else if (NearestName.Of(name, Settings.All.Select(s => s.Variable).Concat(OtherVariables)) is { } near)
                problems.Add(name, $"is not a setting; did you mean {near}?");
            else
                problems.Add(name, "is not a setting");
        }
    }

    private static bool IsOurs(string name) => name.StartsWith(Setting.VariablePrefix, StringComparison.Ordinal) && !OtherVariables.Contains(name);
}
