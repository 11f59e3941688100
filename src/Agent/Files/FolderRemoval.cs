using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Headgate.Agent.Files;

/// <summary>
/// Removes a folder with all that is in it, whatever a program left there: folders closed to their own owner, names that are no text,
/// trees deeper than a path can say. Goes from folder to folder by handle and follows no link. Linux only.
/// </summary>
internal static partial class FolderRemoval
{
    private const int Denied = 13;
    private const int AsFolder = 0x200;
    private const uint OwnerOnly = 0x1C0;
    private const int EntryName = 19;
    private const int EntryLength = 16;

    /// <summary>What lies deeper is moved up first: each level costs a handle.</summary>
    private const int MostLevels = 100;

    // O_CLOEXEC | O_DIRECTORY | O_NOFOLLOW, of which the latter two have other numbers on Arm.
    private static readonly int s_folderOnly = 0x80000 | (RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? 0x4000 | 0x8000 : 0x10000 | 0x20000);

    /// <returns>Whether it is gone.</returns>
    public static bool TryRemove(string folder)
    {
        using var parent = Posix.TryOpen(Path.GetDirectoryName(folder)!);
        return parent is not null && Remove(parent, [.. Encoding.UTF8.GetBytes(Path.GetFileName(folder)), 0], parent, 0);
    }

    private static bool Remove(SafeFileHandle parent, byte[] name, SafeFileHandle top, int level)
    {
        if (UnlinkAt(parent, name, 0) == 0)
            return true;
        using (var folder = Open(parent, name))
        {
            if (folder is null)
                return false;
            _ = ChangeMode(folder, OwnerOnly);
            while (Entries(folder) is { Count: > 0 } entries)
            {
                if (!entries.TrueForAll(entry => RemoveBelow(folder, entry, top, level)))
                    return false;
            }
        }

        return UnlinkAt(parent, name, AsFolder) == 0;
    }

    private static bool RemoveBelow(SafeFileHandle folder, byte[] name, SafeFileHandle top, int level)
    {
        if (level < MostLevels)
            return Remove(folder, name, top, level + 1);
        if (UnlinkAt(folder, name, 0) == 0)
            return true;
        // A folder can be moved only by who may write into it.
        using (var below = Open(folder, name))
        {
            if (below is null || ChangeMode(below, OwnerOnly) != 0)
                return false;
        }

        byte[] moved = [.. Encoding.UTF8.GetBytes(Path.GetRandomFileName()), 0];
        return RenameAt(folder, name, top, moved) == 0 && Remove(top, moved, top, 0);
    }

    private static SafeFileHandle? Open(SafeFileHandle parent, byte[] name)
    {
        var descriptor = OpenAt(parent, name, s_folderOnly);
        if (descriptor < 0 && Marshal.GetLastPInvokeError() == Denied && ChangeModeAt(parent, name, OwnerOnly, 0) == 0)
            descriptor = OpenAt(parent, name, s_folderOnly);
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>Some of the names in it, each with its end mark; none when it is empty.</summary>
    private static List<byte[]> Entries(SafeFileHandle folder)
    {
        var names = new List<byte[]>();
        var buffer = new byte[32 * 1024];
        _ = Seek(folder, 0, 0);
        while (names.Count == 0 && GetEntries(folder, buffer, (nuint)buffer.Length) is > 0 and var length)
        {
            for (var at = 0; at < (int)length; at += BitConverter.ToUInt16(buffer, at + EntryLength))
            {
                var text = buffer.AsSpan(at + EntryName);
                var name = text[..(text.IndexOf((byte)0) + 1)].ToArray();
                if (!name.AsSpan().SequenceEqual(".\0"u8) && !name.AsSpan().SequenceEqual("..\0"u8))
                    names.Add(name);
            }
        }

        return names;
    }

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    private static partial int OpenAt(SafeFileHandle folder, byte[] name, int flags);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true)]
    private static partial int UnlinkAt(SafeFileHandle folder, byte[] name, int flags);

    [LibraryImport("libc", EntryPoint = "renameat", SetLastError = true)]
    private static partial int RenameAt(SafeFileHandle from, byte[] name, SafeFileHandle to, byte[] newName);

    [LibraryImport("libc", EntryPoint = "fchmod", SetLastError = true)]
    private static partial int ChangeMode(SafeFileHandle folder, uint mode);

    [LibraryImport("libc", EntryPoint = "fchmodat", SetLastError = true)]
    private static partial int ChangeModeAt(SafeFileHandle folder, byte[] name, uint mode, int flags);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static partial long Seek(SafeFileHandle folder, long offset, int from);

    [LibraryImport("libc", EntryPoint = "getdents64", SetLastError = true)]
    private static partial nint GetEntries(SafeFileHandle folder, [Out] byte[] buffer, nuint size);
}
