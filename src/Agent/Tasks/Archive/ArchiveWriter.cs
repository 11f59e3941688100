using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using Headgate.Agent.Files;

namespace Headgate.Agent.Tasks.Archive;

/// <param name="Entries">Entries in the archive: files, folders and links.</param>
/// <param name="Skipped">Pipes, sockets and devices that were left out.</param>
/// <param name="Sha256">Of the compressed archive; lower-case hexadecimal.</param>
internal sealed record ArchiveFacts(long Bytes, int Entries, int Files, long FileBytes, int Skipped, string Sha256);

/// <summary>Writes entries as a gzip-compressed tar (pax format), flushed to disk.</summary>
internal static class ArchiveWriter
{
    /// <exception cref="UnauthorizedAccessException">A file turned out, once open, to lie outside the allowed paths; or can't be read.</exception>
    /// <exception cref="FileShrankException">A file became shorter while it was read.</exception>
    public static async Task<ArchiveFacts> WriteAsync(string target, IEnumerable<TreeEntry> entries, AllowedPaths paths, CancellationToken stop)
    {
        int count = 0, files = 0, skipped = 0;
        long fileBytes = 0;
        using var sha = SHA256.Create();
        await using var file = new FileStream(target, FileMode.CreateNew, FileAccess.Write, FileShare.None, 64 * 1024, useAsync: true);
        // Hashes on the way through; reading the finished file again would double the work.
        await using (var hashing = new CryptoStream(file, sha, CryptoStreamMode.Write, leaveOpen: true))
        await using (var gzip = new GZipStream(hashing, CompressionLevel.Optimal, leaveOpen: true))
        await using (var tar = new TarWriter(gzip, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var entry in entries)
            {
                stop.ThrowIfCancellationRequested();
                if (entry.Kind == EntryKind.Special)
                {
                    skipped++;
                    continue;
                }

                await using var content = entry.Kind == EntryKind.File ? Open(entry.Path, paths) : null;
                await tar.WriteEntryAsync(Header(entry, content), stop);
                count++;
                files += content is null ? 0 : 1;
                fileBytes += content?.Length ?? 0;
            }
        }

        await file.FlushAsync(stop);
        file.Flush(flushToDisk: true);
        return new ArchiveFacts(file.Length, count, files, fileBytes, skipped, Convert.ToHexStringLower(sha.Hash!));
    }

    private static SteadyStream Open(string path, AllowedPaths paths)
    {
        // Others may still write: the length is held steady, so sharing is safe.
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 64 * 1024, useAsync: true);
        if (paths.Holds(file.SafeFileHandle))
            return new SteadyStream(file);
        file.Dispose();
        throw new UnauthorizedAccessException($"'{path}' leads outside the paths that this agent allows");
    }

    private static PaxTarEntry Header(TreeEntry entry, SteadyStream? content)
    {
        var info = new FileInfo(entry.Path);
        var header = entry.Kind switch
        {
            EntryKind.Folder => new PaxTarEntry(TarEntryType.Directory, entry.Name + "/"),
            EntryKind.Link => new PaxTarEntry(TarEntryType.SymbolicLink, entry.Name) { LinkName = info.LinkTarget! },
            _ => new PaxTarEntry(TarEntryType.RegularFile, entry.Name) { DataStream = content },
        };
        if (entry.Kind != EntryKind.Link && !OperatingSystem.IsWindows())
            header.Mode = info.UnixFileMode;
        header.ModificationTime = new DateTimeOffset(info.LastWriteTimeUtc);
        return header;
    }
}
