using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Headgate.LocalHost.Sqlite.Writing;

/// <summary>
/// Flushes a large file without filling the disk's queue: thousands of pages handed over at once are thousands that the flush of a commit
/// has to wait behind. Where the system cannot flush a part of a file, the whole is flushed at once.
/// </summary>
internal static partial class EvenFlush
{
    /// <summary>1 MiB: pages that wait to be written lie scattered, so that a part this long holds a few of them.</summary>
    private const long Part = 1024 * 1024;

    /// <summary>Wait for what is under way, write what is changed, and wait for that: see sync_file_range(2).</summary>
    private const uint WriteAndWait = 1 | 2 | 4;

    // EPERM, EINVAL, ESPIPE, ENOSYS, EOPNOTSUPP: of the call, not of the disk.
    private static readonly int[] Declined = [1, 22, 29, 38, 95];

    private static bool s_canFlushParts = OperatingSystem.IsLinux();

    /// <summary>Everything written to the file is on the disk.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public static void Run(SafeFileHandle file)
    {
        var length = s_canFlushParts ? RandomAccess.GetLength(file) : 0;
        for (long start = 0; start < length && Flush(file, start); start += Part)
        {
        }

        // Parts come to the disk without what it needs to find them, and some not at all where the system declined.
        RandomAccess.FlushToDisk(file);
    }

    /// <returns>False where the whole must do.</returns>
    private static bool Flush(SafeFileHandle file, long start)
    {
        try
        {
            if (FlushPart(file, start, Part, WriteAndWait) == 0)
                return true;
        }
        catch (Exception missing) when (missing is EntryPointNotFoundException or DllNotFoundException)
        {
            return s_canFlushParts = false;
        }

        // A refusal is told once: the flush of the whole would say nothing of it any more.
        var error = Marshal.GetLastPInvokeError();
        return Declined.Contains(error) ? false : throw new IOException(Marshal.GetPInvokeErrorMessage(error), error);
    }

    [LibraryImport("libc", EntryPoint = "sync_file_range", SetLastError = true)]
    private static partial int FlushPart(SafeFileHandle file, long start, long length, uint how);
}
