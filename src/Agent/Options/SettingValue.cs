namespace Headgate.Agent.Options;

/// <summary>What one source says of a setting: a text, a list, a map or repositories, by the setting's kind.</summary>
/// <param name="Path">How the source calls it, for problems.</param>
internal sealed record SettingValue(string Path, string Text = "", IReadOnlyList<string>? List = null, IReadOnlyDictionary<string, string>? Map = null, IReadOnlyDictionary<string, RepositoryValue>? Repositories = null)
{
    /// <summary>Says that there is no limit, where a source before this one may have set one.</summary>
    public const string Unlimited = "unlimited";

    /// <summary>The mark of a type that a shared agent may take.</summary>
    public const string Shared = "shared";
}
