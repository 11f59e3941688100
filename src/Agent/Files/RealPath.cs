namespace Headgate.Agent.Files;

/// <summary>Paths with every link on the way followed, as the kernel would.</summary>
internal static class RealPath
{
    private const int MaxLinks = 40;

    /// <summary>Null for a path that is not absolute, holds <c>..</c> or NUL, or goes through more than 40 links. Parts that do not exist stay as they are.</summary>
    public static string? Of(string path)
    {
        if (!Path.IsPathFullyQualified(path) || path.Contains('\0', StringComparison.Ordinal))
            return null;
        var root = Path.GetPathRoot(path)!;
        var ahead = new Stack<string>();
        if (!Push(ahead, path[root.Length..], allowUp: false))
            return null;

        var current = root;
        var links = 0;
        while (ahead.TryPop(out var part))
        {
            if (part == "..")
            {
                current = Path.GetDirectoryName(current) ?? root;
                continue;
            }

            var next = Path.Combine(current, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                current = next;
                continue;
            }

            if (++links > MaxLinks)
                return null;
            if (Path.IsPathRooted(target))
                (current, target) = (Path.GetPathRoot(target)!, target[Path.GetPathRoot(target)!.Length..]);
            Push(ahead, target, allowUp: true);
        }

        return current;
    }

    /// <summary>The folder's real path and the last name as given: where the entry itself lies, be it a link or not.</summary>
    public static string? OfEntry(string path)
    {
        var name = Path.GetFileName(path);
        return name is "" or "." or ".." || Path.GetDirectoryName(path) is not { } folder || Of(folder) is not { } real ? null : Path.Combine(real, name);
    }

    private static bool Push(Stack<string> ahead, string path, bool allowUp)
    {
        var parts = path.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        for (var i = parts.Length - 1; i >= 0; i--)
        {
            if (parts[i] == ".." && !allowUp)
                return false;
            if (parts[i] != ".")
                ahead.Push(parts[i]);
        }

        return true;
    }
}
