using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Headgate.Agent.Files;

/// <summary>The few calls of the operating system that the base library lacks. Linux only; callers ask first.</summary>
internal static partial class Posix
{
    private const int CurrentFolder = -100;
    private const int NoFollow = 0x100;
    private const uint BasicStats = 0x7ff;
    private const int ModeOffset = 28;
    private const int StatSize = 256;
    private const int CloseOnExec = 0x80000;

    public const int KillSignal = 9;

    /// <summary>Whether the path itself, not what it links to, is a regular file.</summary>
    public static bool IsRegularFile(string path)
    {
        Span<byte> stat = stackalloc byte[StatSize];
        return StatX(CurrentFolder, path, NoFollow, BasicStats, ref MemoryMarshal.GetReference(stat)) == 0
            && (BitConverter.ToUInt16(stat[ModeOffset..]) & 0xF000) == 0x8000;
    }

    /// <summary>Opens for reading without an exception; null where it can't.</summary>
    public static SafeFileHandle? TryOpen(string path)
    {
        var descriptor = Open(path, CloseOnExec);
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>A rename is on disk only when the folder that holds the name is.</summary>
    public static bool FlushFolder(string path)
    {
        using var handle = TryOpen(path);
        return handle is not null && FSync(handle) == 0;
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int processId, int signal);

    /// <param name="which">0: a process.</param>
    [LibraryImport("libc", EntryPoint = "setpriority", SetLastError = true)]
    public static partial int SetPriority(int which, int processId, int nice);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial long SystemCall(long number, long first, long second, long third);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, ref byte stat);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(SafeFileHandle file);
}
