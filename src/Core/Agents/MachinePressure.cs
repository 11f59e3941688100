using System.Runtime.InteropServices;

namespace Headgate.Core.Agents;

/// <summary>How much work waits for the machine: percent of the last ten seconds in which some process waited.</summary>
/// <param name="Cpu">For a processor.</param>
/// <param name="Memory">For memory.</param>
/// <param name="Io">For a disk.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct MachinePressure(double Cpu, double Memory, double Io)
{
    private static readonly MachinePressure s_high = new(60, 10, 40);
    private static readonly MachinePressure s_calm = new(30, 3, 15);

    /// <summary>High if one of the three is high, calm if all are calm.</summary>
    public PressureLevel Level =>
        Cpu >= s_high.Cpu || Memory >= s_high.Memory || Io >= s_high.Io ? PressureLevel.High
        : Cpu <= s_calm.Cpu && Memory <= s_calm.Memory && Io <= s_calm.Io ? PressureLevel.Calm
        : PressureLevel.Between;

    /// <summary>An estimate for systems that don't measure pressure.</summary>
    /// <param name="load">Average number of processes that ran or waited in the last minute.</param>
    /// <param name="processors">1 or more.</param>
    /// <param name="availableMemory">Share of memory that is available, 0..1.</param>
    public static MachinePressure FromLoad(double load, int processors, double availableMemory) => new(
        Math.Clamp(60 * ((load / processors) - 1), 0, 100),
        Math.Clamp(120 * (0.15 - availableMemory), 0, 10),
        0);
}

public enum PressureLevel
{
    Calm,
    Between,
    High,
}
