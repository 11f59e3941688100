namespace Headgate.Agent.Options;

/// <summary>A restic repository that the owner named for tasks. Its secrets never show in a text.</summary>
/// <param name="Url">As restic takes it: an absolute path, or <c>sftp:…</c>, <c>rest:…</c>, <c>s3:…</c>.</param>
/// <param name="PasswordFile">Absolute; restic reads it.</param>
/// <param name="Env">Variables for restic alone, such as keys of a cloud's storage.</param>
internal sealed record Repository(string Name, string Url, string PasswordFile, IReadOnlyDictionary<string, string> Env)
{
    public override string ToString() => Name;
}

/// <summary>What a source says of one repository, unchecked.</summary>
internal sealed record RepositoryValue(string? Url, string? PasswordFile, IReadOnlyDictionary<string, string> Env);
