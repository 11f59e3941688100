using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Headgate.Load.Machine;

/// <param name="At">A timestamp of <see cref="Stopwatch"/>.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ProcessorReading(long At, TimeSpan Generator, TimeSpan Server, TimeSpan Machine)
{
    public ProcessorUse Since(ProcessorReading earlier) => new(
        Stopwatch.GetElapsedTime(earlier.At, At), Generator - earlier.Generator, Server - earlier.Server, Machine - earlier.Machine);
}

/// <summary>Processor time used in a stretch of time; shares are of all processors together.</summary>
/// <param name="Elapsed">Length of the stretch.</param>
/// <param name="Generator">This process: clients, and agents where there are some.</param>
/// <param name="Server">The process under load; zero where that is this one.</param>
/// <param name="Machine">All processes.</param>
internal sealed record ProcessorUse(TimeSpan Elapsed, TimeSpan Generator, TimeSpan Server, TimeSpan Machine)
{
    public double GeneratorShare => Share(Generator);

    public double ServerShare => Share(Server);

    /// <summary>Neither the generator nor the server: the kernel's own work, and whoever else is on the machine.</summary>
    public double OtherShare => Math.Max(0, Share(Machine - Generator - Server));

    private double Share(TimeSpan time) => time / (Elapsed * Environment.ProcessorCount);
}
