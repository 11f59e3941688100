using Headgate.Agent.Files;
using Headgate.Core.Validation;

namespace Headgate.Agent.Options;

/// <summary>Who the agent is to the service. The key never shows in a text.</summary>
internal sealed class AgentIdentity(string agentId, string key)
{
    public const string KeyVariable = Setting.VariablePrefix + "KEY";

    public string AgentId { get; } = agentId;

    public string Key { get; } = key;

    public override string ToString() => AgentId;

    public static bool IsAgentId(string text) => text.Length is > 0 and <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    /// <summary>Where registration leaves the id.</summary>
    public static string IdFile(AgentOptions options) => Path.Combine(options.StateDirectory, "agent.id");

    /// <summary>From configuration, or as left by registration. Null and problems where something is missing.</summary>
    public static AgentIdentity? Find(AgentOptions options, Func<string, string?> variable, Problems problems)
    {
        var id = options.AgentId ?? FirstLine(IdFile(options));
        if (id is null || !IsAgentId(id))
            problems.Add(Settings.AgentId.Key, $"is not set, and {IdFile(options)} holds none: run 'register' first");
        var key = variable(KeyVariable) ?? FirstLine(options.KeyFile);
        if (string.IsNullOrEmpty(key) || key.Any(c => c is <= ' ' or > '~'))
            problems.Add(Settings.KeyFile.Key, $"{options.KeyFile} holds no key, and {KeyVariable} is not set: run 'register' first");
        return problems.Any ? null : new AgentIdentity(id!, key!);
    }

    public static bool IsOpenToOthers(string keyFile) =>
        !OperatingSystem.IsWindows() && File.Exists(keyFile) && (File.GetUnixFileMode(keyFile) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) != UnixFileMode.None;

    /// <summary>Makes sure that <see cref="Save"/> will find room: a key that is given once must not be lost for want of a folder.</summary>
    /// <exception cref="IOException">It would not; so with <see cref="UnauthorizedAccessException"/>.</exception>
    public static void Prepare(AgentOptions options)
    {
        OwnFolder.Ensure(options.StateDirectory);
        OwnFolder.Ensure(Path.GetDirectoryName(options.KeyFile)!);
        foreach (var file in (string[])[options.KeyFile, IdFile(options)])
        {
            if (Directory.Exists(file))
                throw new IOException($"'{file}' is a folder");
            DurableFile.Probe(file);
        }
    }

    public static void Save(AgentOptions options, string agentId, string? key)
    {
        OwnFolder.Ensure(options.StateDirectory);
        if (key is not null)
            DurableFile.Write(options.KeyFile, System.Text.Encoding.ASCII.GetBytes(key + "\n"));
        DurableFile.Write(IdFile(options), System.Text.Encoding.ASCII.GetBytes(agentId + "\n"));
    }

    private static string? FirstLine(string path)
    {
        try
        {
            return File.ReadLines(path).FirstOrDefault()?.Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
