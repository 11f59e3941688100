using System.IO.Enumeration;
using System.Text;
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

/// <summary>What an archive will hold, in order of name, folders before what is in them. Links are listed, never followed. Unfinished archives are no part of any.</summary>
/// <exception cref="UnarchivableException">A name is not UTF-8, or a path is longer than the system takes: thrown by the walk.</exception>
internal sealed class ArchiveTree(IReadOnlyList<string> exclude, string output, Unreadable unreadable)
{
    /// <param name="real">The path with links followed.</param>
    /// <param name="asked">The path as it was asked for; it names the entries.</param>
    public IEnumerable<TreeEntry> Walk(string real, string asked) =>
        Walk(real, asked.TrimStart(Path.DirectorySeparatorChar).Replace(Path.DirectorySeparatorChar, '/').TrimEnd('/'), "");

    private IEnumerable<TreeEntry> Walk(string path, string name, string below)
    {
        if (path == output || path.EndsWith(UnfinishedArchives.Mark, StringComparison.Ordinal))
            yield break;
        if (OperatingSystem.IsLinux() && Encoding.UTF8.GetByteCount(path) >= Posix.LongestPath)
            throw new UnarchivableException(path, "the path is too long for this system");
        // A folder may let its names be read and nothing else.
        if (unreadable.Read(path, p => (object)Kind(p)) is not EntryKind kind)
            yield break;
        if (name.Length > 0)
            yield return new TreeEntry(path, name, kind);
        if (kind != EntryKind.Folder)
            yield break;

        if (unreadable.Read(path, Directory.GetFileSystemEntries) is not { } children)
            yield break;
        Array.Sort(children, StringComparer.Ordinal);
        string? before = null;
        foreach (var child in children)
        {
            var last = Path.GetFileName(child);
            var childBelow = below.Length == 0 ? last : $"{below}/{last}";
            if (IsExcluded(last, childBelow))
                continue;
            // Bytes that are no UTF-8 come as replacement characters, and then the name is not found, or found twice.
            if (last.Contains('\uFFFD', StringComparison.Ordinal) && (child == before || (!Path.Exists(child) && new FileInfo(child).LinkTarget is null)))
                throw new UnarchivableException(child, "the name is not UTF-8");
            before = child;
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
        return !OperatingSystem.IsLinux() || Posix.Status(path) is { IsRegular: true } ? EntryKind.File : EntryKind.Special;
    }
}
