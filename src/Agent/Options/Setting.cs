using System.Text;

namespace Headgate.Agent.Options;

internal enum SettingKind
{
    Text,
    Number,
    List,
    Map,
    Capabilities,
    Repositories,
}

/// <summary>One setting, known by one name in the file and by names made from it in the environment and on the command line.</summary>
/// <param name="Key">The path in the file: <c>limits.maxConcurrentTasks</c>.</param>
internal sealed record Setting(string Key, SettingKind Kind, string Help)
{
    public const string VariablePrefix = "HEADGATE_AGENT_";

    /// <summary><c>HEADGATE_AGENT_MAX_CONCURRENT_TASKS</c>; <c>agentId</c> does not say AGENT twice.</summary>
    public string Variable { get; } = VariablePrefix + Words(Key == "agentId" ? "id" : Key, '_').ToUpperInvariant();

    /// <summary><c>--max-concurrent-tasks</c></summary>
    public string Flag { get; } = "--" + Words(Key, '-');

    private static string Words(string key, char separator)
    {
        var text = new StringBuilder();
        foreach (var c in key.StartsWith("limits.", StringComparison.Ordinal) ? key["limits.".Length..] : key)
        {
            if (char.IsAsciiLetterUpper(c))
                text.Append(separator);
            text.Append(c == '.' ? separator : char.ToLowerInvariant(c));
        }

        return text.ToString();
    }
}
