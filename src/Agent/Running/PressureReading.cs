using System.Globalization;
using Headgate.Core.Agents;

namespace Headgate.Agent.Running;

/// <summary>Reads how busy the machine is: pressure stall information of Linux where the system has it, else load and free memory.</summary>
/// <param name="proc">Where the system tells of itself.</param>
internal sealed class PressureReading(string proc = "/proc")
{
    private static readonly char[] s_separators = [':', ' '];

    /// <summary>Null where neither can be read.</summary>
    public MachinePressure? Read()
    {
        try
        {
            return Stall("cpu") is { } cpu && Stall("memory") is { } memory && Stall("io") is { } io
                ? new MachinePressure(cpu, memory, io)
                : MachinePressure.FromLoad(Load(), Environment.ProcessorCount, Available());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    /// <summary><c>some avg10=1.50 avg60=… </c>; null where the file is not there, or can't be read as when the kernel has it switched off.</summary>
    private double? Stall(string resource)
    {
        try
        {
            var line = File.ReadLines(Path.Combine(proc, "pressure", resource)).FirstOrDefault();
            return line?.Split(' ') is ["some", var average, ..] && average.StartsWith("avg10=", StringComparison.Ordinal)
                ? double.Parse(average.AsSpan("avg10=".Length), CultureInfo.InvariantCulture)
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private double Load() => double.Parse(File.ReadAllText(Path.Combine(proc, "loadavg")).Split(' ')[0], CultureInfo.InvariantCulture);

    private double Available()
    {
        var sizes = File.ReadLines(Path.Combine(proc, "meminfo")).Select(line => line.Split(s_separators, StringSplitOptions.RemoveEmptyEntries)).ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
        return sizes.TryGetValue("MemAvailable", out var available) && sizes.TryGetValue("MemTotal", out var total)
            ? double.Parse(available, CultureInfo.InvariantCulture) / double.Parse(total, CultureInfo.InvariantCulture)
            : 1;
    }
}
