using Microsoft.Win32.SafeHandles;

namespace Headgate.Agent.Files;

/// <summary>The folders that the owner lets tasks name. Links are followed before the question is asked, also those on the way to these folders: they may move on.</summary>
internal sealed class AllowedPaths
{
    private readonly IReadOnlyList<string> _asked;
    private volatile IReadOnlyList<string> _roots = [];

    public AllowedPaths(IEnumerable<string> roots)
    {
        _asked = [.. roots.Select(Path.TrimEndingDirectorySeparator)];
        Follow();
    }

    /// <summary>The real path where it lies inside; null, with the reason, where not.</summary>
    public string? Resolve(string path, out string refusal) => Judge(path, RealPath.Of(path), out refusal);

    /// <summary>As <see cref="Resolve"/>, but for a name that is to be created or replaced: a link there is not followed.</summary>
    public string? ResolveEntry(string path, out string refusal) => Judge(path, RealPath.OfEntry(path), out refusal);

    /// <summary>Whether an open file lies inside: closes the gap between asking by name and opening. True where the system can't tell.</summary>
    public bool Holds(SafeFileHandle file) =>
        !OperatingSystem.IsLinux()
        || (new FileInfo($"/proc/self/fd/{file.DangerousGetHandle()}").LinkTarget is { } real && IsInside(real));

    private void Follow() => _roots = [.. _asked.Select(RealPath.Of).OfType<string>()];

    private string? Judge(string path, string? real, out string refusal)
    {
        Follow();
        refusal = real is null ? $"'{path}' is not an absolute path without '..'"
            : IsInside(real) ? ""
            : real == path ? $"'{path}' is outside the paths that this agent allows"
            : $"'{path}' leads to '{real}', outside the paths that this agent allows";
        return refusal.Length == 0 ? real : null;
    }

    private bool IsInside(string real) => _roots.Any(root => Contains(root, real));

    public static bool Contains(string folder, string path) =>
        path == folder || path.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
