using System.IO.Enumeration;
using Headgate.Agent.Files;

namespace Headgate.Agent.Tasks.Archive;

internal enum EntryKind
{
    Folder,
    File,
    Link,

    /// <summary>Pipes, sockets, devices: not archived.</summary>
    Special,
}

/// <param name="Name">Slash-separated, without a leading slash: the path that was asked for, as tar writes it.</param>
internal sealed record TreeEntry(string Path, string Name, EntryKind Kind);

/// <summary>What an archive will hold, in order of name, folders before what is in them. Links are listed, never followed.</summary>
internal sealed class ArchiveTree(IReadOnlyList<string> exclude, IReadOnlyCollection<string> leaveOut)
{
    /// <param name="real">The path with links followed.</param>
    /// <param name="asked">The path as it was asked for; it names the entries.</param>
    public IEnumerable<TreeEntry> Walk(string real, string asked) =>
        Walk(real, asked.TrimStart(Path.DirectorySeparatorChar).Replace(Path.DirectorySeparatorChar, '/').TrimEnd('/'), "");

    private IEnumerable<TreeEntry> Walk(string path, string name, string below)
    {
        if (leaveOut.Contains(path))
            yield break;
        var kind = Kind(path);
        if (name.Length > 0)
            yield return new TreeEntry(path, name, kind);
        if (kind != EntryKind.Folder)
            yield break;

        var children = Directory.GetFileSystemEntries(path);
        Array.Sort(children, StringComparer.Ordinal);
        foreach (var child in children)
        {
            var last = Path.GetFileName(child);
            var childBelow = below.Length == 0 ? last : $"{below}/{last}";
            if (IsExcluded(last, childBelow))
                continue;
            foreach (var entry in Walk(child, name.Length == 0 ? last : $"{name}/{last}", childBelow))
                yield return entry;
        }
    }

    private bool IsExcluded(string name, string below) =>
        exclude.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, pattern.Contains('/', StringComparison.Ordinal) ? below : name, ignoreCase: false));

    private static EntryKind Kind(string path)
    {
        var attributes = File.GetAttributes(path);
        if (attributes.HasFlag(FileAttributes.ReparsePoint))
            return EntryKind.Link;
        if (attributes.HasFlag(FileAttributes.Directory))
            return EntryKind.Folder;
        return !OperatingSystem.IsLinux() || Posix.IsRegularFile(path) ? EntryKind.File : EntryKind.Special;
    }
}
