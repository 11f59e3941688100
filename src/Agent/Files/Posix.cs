using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Headgate.Agent.Files;

/// <summary>The few calls of the operating system that the base library lacks. Linux only; callers ask first.</summary>
internal static partial class Posix
{
    private const int CurrentFolder = -100;
    private const int NoFollow = 0x100;
    private const uint BasicStats = 0x7ff;
    private const int StatSize = 256;
    private const int CloseOnExec = 0x80000;
    private const int MayExecute = 1;

    public const int KillSignal = 9;

    /// <summary>Bytes of a path that the system takes, its end mark among them.</summary>
    public const int LongestPath = 4096;

    /// <summary>Of the path itself, not what it links to. Null where it can't be asked.</summary>
    public static FileStatus? Status(string path)
    {
        Span<byte> stat = stackalloc byte[StatSize];
        return StatX(CurrentFolder, path, NoFollow, BasicStats, ref MemoryMarshal.GetReference(stat)) != 0 ? null : new FileStatus(
            Mode: BitConverter.ToUInt16(stat[28..]),
            Links: BitConverter.ToUInt32(stat[16..]),
            Owner: BitConverter.ToUInt32(stat[20..]),
            Group: BitConverter.ToUInt32(stat[24..]),
            File: (BitConverter.ToUInt64(stat[32..]), BitConverter.ToUInt64(stat[136..])));
    }

    /// <summary>Where a link leads, byte for byte; null where it is none.</summary>
    public static byte[]? LinkTarget(string path)
    {
        var target = new byte[LongestPath];
        var length = ReadLink(path, target, (nuint)target.Length);
        return length < 0 ? null : target[..(int)length];
    }

    /// <summary>Whether this user may execute what the path leads to.</summary>
    public static bool IsExecutable(string path) => File.Exists(path) && Access(path, MayExecute) == 0;

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
    /// <param name="processId">0: the thread that calls.</param>
    /// <returns>Its nice value; -1 can be one as well as a failure.</returns>
    [LibraryImport("libc", EntryPoint = "getpriority", SetLastError = true)]
    public static partial int GetPriority(int which, int processId);

    /// <param name="which">0: a process.</param>
    [LibraryImport("libc", EntryPoint = "setpriority", SetLastError = true)]
    public static partial int SetPriority(int which, int processId, int nice);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial long SystemCall(long number, long first, long second, long third);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, ref byte stat);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "readlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint ReadLink(string path, [Out] byte[] target, nuint size);

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(SafeFileHandle file);
}
