using System.Runtime.InteropServices;

namespace Headgate.LocalHost.Commands;

/// <summary>
/// The memory of native libraries, SQLite's pages above all: what they have freed, 13 MB after some thousand runs, stays with the process until it is
/// asked for.
/// </summary>
internal static partial class NativeHeap
{
    private static bool s_canTrim = OperatingSystem.IsLinux();

    /// <summary>Gives what is free back to the system. Can do nothing where the C library is not glibc.</summary>
    /// <returns>Whether there was any.</returns>
    public static bool GiveBack()
    {
        try
        {
            return s_canTrim && Trim(0) == 1;
        }
        catch (EntryPointNotFoundException)
        {
            return s_canTrim = false;
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint keepAtTop);
}
