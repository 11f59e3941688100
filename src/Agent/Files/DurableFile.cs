namespace Headgate.Agent.Files;

/// <summary>Files that are whole or absent, also after a power cut. Readable by their owner alone.</summary>
internal static class DurableFile
{
    public const string Unfinished = ".tmp";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes a small file where <see cref="Write"/> would, flushed, and takes it away again: throws where that would.</summary>
    public static void Probe(string path)
    {
        try
        {
            WriteAside(path + Unfinished, new byte[512]);
        }
        finally
        {
            Remove(path + Unfinished);
        }
    }

    /// <summary>Writes aside, flushes, renames over <paramref name="path"/>, flushes the folder.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var aside = path + Unfinished;
        try
        {
            WriteAside(aside, content);
            File.Move(aside, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Remove(aside);
            throw;
        }

        if (OperatingSystem.IsLinux())
            Posix.FlushFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>A part of a file only takes the room that was missing.</summary>
    private static void Remove(string aside)
    {
        try
        {
            File.Delete(aside);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Why it could not be written says more.
        }
    }

    private static void WriteAside(string aside, ReadOnlySpan<byte> content)
    {
        File.Delete(aside);
        var how = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            how.UnixCreateMode = OwnerOnly;
        using var file = new FileStream(aside, how);
        file.Write(content);
        file.Flush(flushToDisk: true);
    }
}
