using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using Headgate.Agent.Files;

namespace Headgate.Agent.Tasks.Archive;

/// <summary>What the task's output tells of a finished archive.</summary>
/// <param name="Bytes">Size of the compressed archive.</param>
/// <param name="Entries">Files, folders, symbolic links and hard links in it.</param>
/// <param name="Files">Files whose content is in it.</param>
/// <param name="FileBytes">Size of these contents before compression.</param>
/// <param name="HardLinks">Further names of such files, stored as links.</param>
/// <param name="Skipped">Pipes, sockets and devices, which are left out.</param>
/// <param name="Sha256">Of the compressed archive; lower-case hexadecimal.</param>
internal sealed record ArchiveFacts(long Bytes, int Entries, int Files, long FileBytes, int HardLinks, int Skipped, string Sha256);

/// <summary>Writes a folder's entries into a new file, as a gzip-compressed tar in pax format. The file is flushed to disk when it returns.</summary>
internal static class ArchiveWriter
{
    /// <exception cref="UnauthorizedAccessException">A file can't be read, and is not to be left out.</exception>
    /// <exception cref="OutsideException">A file turned out, once open, to lie outside the allowed paths.</exception>
    /// <exception cref="FileShrankException">A file became shorter while it was read.</exception>
    public static async Task<ArchiveFacts> WriteAsync(string target, IEnumerable<TreeEntry> entries, AllowedPaths paths, Unreadable unreadable, CancellationToken stop)
    {
        int count = 0, files = 0, links = 0, skipped = 0;
        var headers = new EntryHeaders();
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

                var firstName = headers.FirstName(entry);
                var isContent = entry.Kind == EntryKind.File && firstName is null;
                await using var content = isContent ? unreadable.Read(entry.Path, path => Open(path, paths)) : null;
                if (isContent && content is null)
                    continue;
                await tar.WriteEntryAsync(headers.Of(entry, content, firstName), stop);
                count++;
                links += firstName is null ? 0 : 1;
                files += content is null ? 0 : 1;
                fileBytes += content?.Length ?? 0;
            }
        }

        await file.FlushAsync(stop);
        file.Flush(flushToDisk: true);
        return new ArchiveFacts(file.Length, count, files, fileBytes, links, skipped, Convert.ToHexStringLower(sha.Hash!));
    }

    private static SteadyStream Open(string path, AllowedPaths paths)
    {
        // Others may still write: the length is held steady, so sharing is safe.
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 64 * 1024, useAsync: true);
        if (paths.Holds(file.SafeFileHandle))
            return new SteadyStream(file);
        file.Dispose();
        throw new OutsideException($"'{path}' leads outside the paths that this agent allows");
    }
}

internal sealed class OutsideException(string message) : IOException(message);
