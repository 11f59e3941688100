using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Headgate.Storage.Sqlite.Writing;

/// <summary>
/// Flushes a large file in parts, so that the flush of a commit never waits behind thousands of queued pages. If the system can't flush a
/// part of a file, the whole is flushed at once.
/// </summary>
internal static partial class EvenFlush
{
    /// <summary>1 MiB. Changed pages lie scattered, so a part holds few of them.</summary>
    internal const long Part = 1024 * 1024;

    /// <summary>SYNC_FILE_RANGE_WAIT_BEFORE, _WRITE and _WAIT_AFTER: see sync_file_range(2).</summary>
    private const uint WriteAndWait = 1 | 2 | 4;

    /// <summary>EOPNOTSUPP.</summary>
    private const int NotSupported = 95;

    // EPERM, EINVAL, ESPIPE, ENOSYS: the system declines the call; the disk is sound.
    private static readonly int[] Declined = [1, 22, 29, 38, NotSupported];

    private static bool s_canFlushParts = OperatingSystem.IsLinux();

    /// <summary>Waits until everything written to the file is on disk.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public static void Run(SafeFileHandle file) =>
        Run(s_canFlushParts ? RandomAccess.GetLength(file) : 0, start => Flush(file, start), () => RandomAccess.FlushToDisk(file));

    /// <param name="length">Of the file, in bytes; 0 if parts can't be flushed.</param>
    /// <param name="flushPart">Flushes the part at this offset; returns errno, 0 for success.</param>
    /// <param name="flushWhole">Flushes the file.</param>
    /// <inheritdoc cref="Run(SafeFileHandle)"/>
    internal static void Run(long length, Func<long, int> flushPart, Action flushWhole)
    {
        for (long start = 0; start < length; start += Part)
        {
            var error = flushPart(start);
            if (Declined.Contains(error))
                break;
            // The system reports a failed write only once: flushing the whole would not report it again.
            if (error != 0)
                throw new IOException(Marshal.GetPInvokeErrorMessage(error), error);
        }

        // Flushing parts doesn't write the file's metadata, and some parts may have been declined.
        flushWhole();
    }

    /// <returns>errno; 0 for success.</returns>
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
