using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Headgate.Storage.Sqlite.Writing;

/// <summary>
/// Flushes a large file without filling the disk's queue: thousands of pages handed over at once are thousands that the flush of a commit
/// has to wait behind. Where the system cannot flush a part of a file, the whole is flushed at once.
/// </summary>
internal static partial class EvenFlush
{
    /// <summary>1 MiB: pages that wait to be written lie scattered, so that a part this long holds a few of them.</summary>
    internal const long Part = 1024 * 1024;

    /// <summary>Wait for what is under way, write what is changed, and wait for that: see sync_file_range(2).</summary>
    private const uint WriteAndWait = 1 | 2 | 4;

    /// <summary>EOPNOTSUPP.</summary>
    private const int NotSupported = 95;

    // EPERM, EINVAL, ESPIPE, ENOSYS: of the call, not of the disk.
    private static readonly int[] Declined = [1, 22, 29, 38, NotSupported];

    private static bool s_canFlushParts = OperatingSystem.IsLinux();

    /// <summary>Everything written to the file is on the disk.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public static void Run(SafeFileHandle file) =>
        Run(s_canFlushParts ? RandomAccess.GetLength(file) : 0, start => Flush(file, start), () => RandomAccess.FlushToDisk(file));

    /// <param name="length">Of the file, in bytes; 0 where its parts cannot be flushed.</param>
    /// <param name="flushPart">Flushes a part by where it begins, and gives the system's error; 0 for none.</param>
    /// <param name="flushWhole">Flushes the file.</param>
    /// <inheritdoc cref="Run(SafeFileHandle)"/>
    internal static void Run(long length, Func<long, int> flushPart, Action flushWhole)
    {
        for (long start = 0; start < length; start += Part)
        {
            var error = flushPart(start);
            if (Declined.Contains(error))
                break;
            // A refusal is told once: the flush of the whole would say nothing of it any more.
            if (error != 0)
                throw new IOException(Marshal.GetPInvokeErrorMessage(error), error);
        }

        // Parts come to the disk without what it needs to find them, and some not at all where the system declined.
        flushWhole();
    }

    /// <returns>The system's error; 0 for none.</returns>
    internal static int Flush(SafeFileHandle file, long start)
    {
        try
        {
            return FlushPart(file, start, Part, WriteAndWait) == 0 ? 0 : Marshal.GetLastPInvokeError();
        }
        catch (Exception missing) when (missing is EntryPointNotFoundException or DllNotFoundException)
        {
            s_canFlushParts = false;
            return NotSupported;
        }
    }

    [LibraryImport("libc", EntryPoint = "sync_file_range", SetLastError = true)]
    private static partial int FlushPart(SafeFileHandle file, long start, long length, uint how);
}
