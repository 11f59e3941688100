using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Headgate.Agent.Files;

/// <summary>System calls that the base library lacks. Linux only: callers check <see cref="OperatingSystem.IsLinux"/> first.</summary>
internal static partial class Posix
{
    // As fcntl.h, unistd.h and linux/stat.h name them: AT_FDCWD, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, O_CLOEXEC, X_OK.
    private const int CurrentFolder = -100;
    private const int NoFollow = 0x100;
    private const uint BasicStats = 0x7ff;
    private const int CloseOnExec = 0x80000;
    private const int MayExecute = 1;

    // struct statx, which has one layout on every architecture: its size, and where its fields begin.
    private const int StatSize = 256;
    private const int LinksAt = 16;
    private const int OwnerAt = 20;
    private const int GroupAt = 24;
    private const int ModeAt = 28;
    private const int InodeAt = 32;
    private const int DeviceAt = 136;

    public const int KillSignal = 9;

    /// <summary>Bytes of a path that the system takes, its end mark among them.</summary>
    public const int LongestPath = 4096;

    /// <summary>Mode, owner and identity of a file. Of a symbolic link they are the link's own. Null if the system refuses to tell, as for a path that isn't there.</summary>
    public static FileStatus? Status(string path)
    {
        Span<byte> stat = stackalloc byte[StatSize];
        return StatX(CurrentFolder, path, NoFollow, BasicStats, ref MemoryMarshal.GetReference(stat)) != 0 ? null : new FileStatus(
            Mode: BitConverter.ToUInt16(stat[ModeAt..]),
            Links: BitConverter.ToUInt32(stat[LinksAt..]),
            Owner: BitConverter.ToUInt32(stat[OwnerAt..]),
            Group: BitConverter.ToUInt32(stat[GroupAt..]),
            File: (BitConverter.ToUInt64(stat[InodeAt..]), BitConverter.ToUInt64(stat[DeviceAt..])));
    }

    /// <summary>Where a symbolic link leads, byte for byte; null if the path is no link.</summary>
    public static byte[]? LinkTarget(string path)
    {
        var target = new byte[LongestPath];
        var length = ReadLink(path, target, (nuint)target.Length);
        return length < 0 ? null : target[..(int)length];
    }

    /// <summary>Whether this user may execute what the path leads to.</summary>
    public static bool IsExecutable(string path) => File.Exists(path) && Access(path, MayExecute) == 0;

    /// <summary>Opens for reading; null, not an exception, if that fails.</summary>
    public static SafeFileHandle? TryOpen(string path)
    {
        var descriptor = Open(path, CloseOnExec);
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>Flushes a folder's entries to disk: a file that was made or renamed survives a power cut only after that. False if it failed.</summary>
    public static bool FlushFolder(string path)
    {
        using var handle = TryOpen(path);
        return handle is not null && FSync(handle) == 0;
    }

    /// <returns>0, or -1 if the signal could not be sent.</returns>
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

    /// <param name="number">Differs between architectures.</param>
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
