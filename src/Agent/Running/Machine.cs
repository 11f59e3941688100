using System.Reflection;
using System.Runtime.InteropServices;
using Headgate.Contracts.Agents;

namespace Headgate.Agent.Running;

/// <summary>What the agent tells about the machine it runs on.</summary>
internal static class Machine
{
    public static string Version { get; } = typeof(Machine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    public static string OperatingSystem { get; } = System.OperatingSystem.IsLinux() ? "linux" : System.OperatingSystem.IsMacOS() ? "macos" : System.OperatingSystem.IsWindows() ? "windows" : "other";

    public static string Architecture { get; } = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    /// <summary>The service takes no longer mount path.</summary>
    private const int MaxPath = 255;

    /// <summary>The disk that work is done on; none where it can't be read.</summary>
    public static IReadOnlyList<DiskReport> Disks(string workDirectory)
    {
        try
        {
            var drive = new DriveInfo(workDirectory);
            return drive.TotalSize > 0 && drive.Name.Length <= MaxPath ? [new DiskReport(drive.Name, drive.AvailableFreeSpace, drive.TotalSize)] : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return [];
        }
    }

    public static double? MemoryPercent()
    {
        var memory = GC.GetGCMemoryInfo();
        return memory is { MemoryLoadBytes: > 0, TotalAvailableMemoryBytes: > 0 }
            ? Math.Round(Math.Clamp(100.0 * memory.MemoryLoadBytes / memory.TotalAvailableMemoryBytes, 0, 100), 1)
            : null;
    }
}
