using System.Runtime.InteropServices;

namespace Headgate.Core.Agents;

/// <summary>How much work waits for the machine, 0..100 each.</summary>
/// <param name="Cpu">Percent of the last ten seconds in which some process waited for a processor.</param>
/// <param name="Memory">Likewise for memory.</param>
/// <param name="Io">Likewise for a disk.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct MachinePressure(double Cpu, double Memory, double Io)
{
    private static readonly MachinePressure s_high = new(60, 10, 40);
    private static readonly MachinePressure s_calm = new(30, 3, 15);

    /// <summary>High where one of the three is; calm where all are. Between lies a band in which nothing changes.</summary>
    public PressureLevel Level =>
        Cpu >= s_high.Cpu || Memory >= s_high.Memory || Io >= s_high.Io ? PressureLevel.High
        : Cpu <= s_calm.Cpu && Memory <= s_calm.Memory && Io <= s_calm.Io ? PressureLevel.Calm
        : PressureLevel.Between;

    /// <summary>An estimate where the system does not measure pressure.</summary>
    /// <param name="load">Processes that run or wait, on average over a minute.</param>
    /// <param name="processors">1 or more.</param>
    /// <param name="availableMemory">Share of all memory that programs can still get, 0..1.</param>
    public static MachinePressure FromLoad(double load, int processors, double availableMemory) => new(
        Math.Clamp(60 * ((load / processors) - 1), 0, 100),
        Math.Clamp(120 * (0.15 - availableMemory), 0, 10),
        0);
}

/// <summary>What a reading means for the slots an agent offers.</summary>
public enum PressureLevel
{
    Calm,
    Between,
    High,
}
