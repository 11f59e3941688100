namespace Headgate.Agent.Options;

/// <summary>What one source says of a setting: a text, a list or a map, by the setting's kind.</summary>
/// <param name="Path">How the source calls it, for problems.</param>
internal sealed record SettingValue(string Path, string Text = "", IReadOnlyList<string>? List = null, IReadOnlyDictionary<string, string>? Map = null)
{
    /// <summary>The mark of a type that a shared agent may take.</summary>
    public const string Shared = "shared";
}
