using Headgate.Core.Identity;
using Headgate.Core.Validation;

namespace Headgate.Agent.Options;

/// <summary>From what the sources say of repositories to checked ones. Adds every broken rule.</summary>
internal static class RepositoryRules
{
    /// <summary>What the agent itself tells restic, and other ways to a password than the one that is configured.</summary>
    private static readonly IReadOnlyList<string> Reserved =
        ["RESTIC_REPOSITORY", "RESTIC_REPOSITORY_FILE", "RESTIC_PASSWORD", "RESTIC_PASSWORD_FILE", "RESTIC_PASSWORD_COMMAND", "RESTIC_PROGRESS_FPS"];

    /// <summary>restic takes the whole file without white space at its ends, so empty lines may come first. Beyond so many characters nobody looks.</summary>
    private const int LongestPassword = 64 * 1024;

    public static IReadOnlyDictionary<string, Repository> Check(SettingReader read, Problems problems)
    {
        var repositories = new Dictionary<string, Repository>(StringComparer.Ordinal);
        if (read.Raw(Settings.Repositories) is not { } value)
            return repositories;
        foreach (var (name, given) in value.Repositories!)
        {
            var path = $"{value.Path}.{name}";
            if (!Grammar.IsPolicyName(name))
                problems.Add(path, "must have a name of letters, digits, - and _, at most 64 characters");
            Url(given.Url, path, problems);
            var file = read.Absolute(given.PasswordFile ?? "");
            Password(given.PasswordFile, file, path, problems);
            foreach (var (variable, text) in given.Env)
                Variable(variable, text, $"{path}.env", problems);
            repositories[name] = new Repository(name, given.Url ?? "", file, given.Env);
        }

        return repositories;
    }

    private static void Url(string? url, string path, Problems problems)
    {
        if (string.IsNullOrEmpty(url))
            problems.Add($"{path}.url", "is required: an absolute path, or an address such as sftp:user@host:/srv/repo");
        else if (url.Any(char.IsControl) || url[0] == '-')
            problems.Add($"{path}.url", "must not begin with - nor hold control characters");
        else if (!url.Contains(':', StringComparison.Ordinal) && !Path.IsPathFullyQualified(url))
            problems.Add($"{path}.url", $"must be an absolute path or an address, not '{url}'");
    }

    private static void Password(string? given, string file, string path, Problems problems)
    {
        if (string.IsNullOrEmpty(given))
        {
            problems.Add($"{path}.passwordFile", "is required: the file that holds the repository's password");
            return;
        }

        try
        {
            using var reader = new StreamReader(file);
            var start = new char[LongestPassword];
            if (start.AsSpan(0, reader.ReadBlock(start)).IsWhiteSpace())
                problems.Add($"{path}.passwordFile", $"'{file}' holds no password");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add($"{path}.passwordFile", $"can't be read: {e.Message}");
        }
    }

    private static void Variable(string name, string text, string path, Problems problems)
    {
        if (Reserved.Contains(name) || name.StartsWith("HEADGATE_", StringComparison.OrdinalIgnoreCase))
            problems.Add($"{path}.{name}", "is set by the agent itself");
        else if (name.Length == 0 || name.AsSpan().ContainsAny("=\0") || text.Contains('\0', StringComparison.Ordinal))
            problems.Add(path, "must hold names of variables, without = and NUL, and texts without NUL");
    }
}
