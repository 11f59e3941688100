using System.Globalization;

namespace Headgate.Load.Machine;

/// <summary>Memory of a process as the kernel shares it out.</summary>
internal static class ProcessMemory
{
    /// <summary>Proportional set size: own pages, and of shared ones the process's part. In megabytes of a million bytes.</summary>
    public static double ProportionalMegabytes(int process) => File.ReadLines($"/proc/{process}/smaps_rollup")
        .Where(line => line.StartsWith("Pss:", StringComparison.Ordinal))
        .Select(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024 / 1e6)
        .Single();
}
