namespace Headgate.Agent.Options;

/// <summary>A restic repository that the owner named for tasks. Its secrets never show in a text.</summary>
/// <param name="Url">As restic takes it: an absolute path, or <c>sftp:…</c>, <c>rest:…</c>, <c>s3:…</c>.</param>
/// <param name="PasswordFile">Absolute; restic reads it.</param>
/// <param name="Env">Variables for restic alone, such as keys of a cloud's storage.</param>
internal sealed record Repository(string Name, string Url, string PasswordFile, IReadOnlyDictionary<string, string> Env)
{
    private readonly IReadOnlyList<(string Text, string Instead)> _secrets = [.. SecretsOf(Url)];

    /// <summary>The text without the url's user and password: restic prints a url that it can't read as it stands.</summary>
    public string Hide(string text)
    {
        foreach (var (secret, instead) in _secrets)
            text = text.Replace(secret, instead, StringComparison.Ordinal);
        return text;
    }

    public override string ToString() => Name;

    /// <summary>Longest first, for one may hold the other. A password may hold any sign, also @ and / that should be escaped; then its first part is taken for a port.</summary>
    private static IEnumerable<(string Text, string Instead)> SecretsOf(string url)
    {
        var from = url.IndexOf("//", StringComparison.Ordinal) + 2;
        foreach (var at in (int[])[url.LastIndexOf('@'), url.IndexOf('@', StringComparison.Ordinal)])
        {
            if (from < 2 || at < from || url.IndexOf(':', from, at - from) is not (>= 0 and var colon))
                continue;
            yield return ($"{url[from..at]}@", "***@");
            yield return ($"{Quoted(url[from..at])}@", "***@");
            var port = url[(colon + 1)..at];
            var end = port.AsSpan().IndexOfAny("/?#");
            yield return ($"\":{Quoted(end < 0 ? port : port[..end])}\"", "\":***\"");
        }
    }

    /// <summary>As a text stands between quotation marks.</summary>
    private static string Quoted(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}

/// <summary>What a source says of one repository, unchecked.</summary>
internal sealed record RepositoryValue(string? Url, string? PasswordFile, IReadOnlyDictionary<string, string> Env);
