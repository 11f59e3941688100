using System.Security.Cryptography;

namespace Headgate.Agent.Tests.Support;

/// <summary>Everything that makes two trees the same, a line a name.</summary>
internal static class FileTree
{
    public static IReadOnlyList<string> Lines(string root) =>
        [.. Entries(root).Select(path => $"{Path.GetRelativePath(root, path)} {Describe(path)}").Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Entries(string folder)
    {
        foreach (var path in Directory.GetFileSystemEntries(folder))
        {
            yield return path;
            if (new DirectoryInfo(path) is not { Exists: true, LinkTarget: null })
                continue;
            foreach (var below in Entries(path))
                yield return below;
        }
    }

    private static string Describe(string path)
    {
        if (new FileInfo(path).LinkTarget is { } target)
            return $"-> {target}";
        var mode = File.GetUnixFileMode(path);
        return Directory.Exists(path)
            ? $"folder {mode} {Directory.GetLastWriteTimeUtc(path):O}"
            : $"file {mode} {File.GetLastWriteTimeUtc(path):O} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)))}";
    }
}
